"""Whom an event is about: one reference a person, however they are named, and nothing about them."""

from itertools import pairwise

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.leaves import Leaves
from detectors.walk import Shapes
from gateway.codec import Event, instant
from gateway.exact import read
from gateway.stream import Line
from gateway.subjects import (
    ADULT,
    CHILD_13,
    CHILD_16,
    CHILD_18,
    NOBODY,
    Subject,
    SubjectFinder,
)
from gateway.vault import Vault
from schemas.event import contracts
from tests.gateway.build_pipeline import TIME, contact, engine, keyring, mailing
from tests.gateway.generated_records import JSON, VALUES

EMAIL, PHONE = "ayse@ornek.example", "+905321234567"


@pytest.fixture
def vault():
    vault = Vault.open(":memory:")
    yield vault
    vault.close()


def finder(vault) -> SubjectFinder:
    return SubjectFinder("acme", keyring(), vault, contracts())


def event(body, time=TIME) -> Event:
    kind = "tombstone" if body is None else body["type"]
    return Event(Line(0, b"{}"), body, kind, instant(time))


def found(one: SubjectFinder, events) -> list[tuple[Subject, ...]]:
    """Return the subjects of each of some events."""
    shapes, leaves = Shapes(contracts(), engine().hints), Leaves()
    for each in events:
        root = shapes.root(each.kind)
        if each.body is None:
            leaves.begin(root, None)
        else:
            shapes.walk(each.body, root, leaves, 64)
    people = one.find(events, leaves)
    return [
        tuple(people[first:last]) for first, last in pairwise([*leaves.firsts, len(leaves.facts)])
    ]


@pytest.fixture
def find(vault):
    """Return the subjects of some events, as found by somebody who has seen none before."""
    return lambda *bodies: found(finder(vault), [event(body) for body in bodies])


def person(**fields):
    """Return an event about one contact, without an id unless it is given."""
    body = contact()
    return {**body, "contact": fields}


class TestIdentifiers:
    def test_the_strongest_known_one_decides(self, find):
        ((by_id,), (by_email,)) = find(person(id="c1"), person(email=EMAIL))
        ((both,),) = find(person(email=EMAIL, id="c1"))
        assert by_id.ref != by_email.ref
        assert both.ref == by_id.ref

    def test_email_and_phone_of_one_contact_are_one_person(self, find):
        ((whole,),) = find(person(email=EMAIL, phone=PHONE))
        ((by_phone,), (by_email,)) = find(person(phone=PHONE), person(email=EMAIL))
        assert whole.ref == by_phone.ref == by_email.ref

    def test_how_it_is_written_makes_no_difference(self, find):
        ((one,),) = find(person(email="Ayse@Ornek.example"))
        ((other,),) = find(person(email=" ayse@ornek.example"))
        assert one.ref == other.ref

    def test_a_country_says_how_a_number_is_dialled(self, find):
        ((abroad,), (home,)) = find(
            person(phone=PHONE), person(phone="0532 123 45 67", country="TR")
        )
        assert abroad.ref == home.ref

    def test_a_number_is_an_identifier_too(self, find):
        ((number,), (text,)) = find(person(id=17), person(id="17"))
        assert number.ref == text.ref

    @pytest.mark.parametrize("value", [None, "", True, 1.5, ["c1"], {"id": "c1"}])
    def test_anything_else_is_none(self, find, value):
        assert find(person(id=value)) == [(NOBODY,)]

    def test_it_is_the_same_person_in_every_kind_of_event(self, find):
        call = {"type": "call.record", "time": TIME, "call": {"caller": PHONE}}
        ((contact_,), (caller,)) = find(person(id="c1", phone=PHONE), call)
        assert contact_.ref == caller.ref
        assert (contact_.kind, caller.kind) == ("dpv:Customer", "ext:Caller")

    def test_the_vault_holds_no_identifier_as_it_is(self, vault):
        found(finder(vault), [event(person(email=EMAIL))])
        assert EMAIL.encode() not in b"".join(vault._db.serialize().split())
        assert vault.lookup("acme", keyring().index("email", EMAIL)) is not None


class TestNobody:
    @pytest.mark.parametrize(
        "body",
        [
            None,
            {"type": "unknown", "email": EMAIL},
            {"type": "crm.contact"},
            {"type": "crm.contact", "contact": None},
            {"type": "crm.contact", "contact": [{"id": "c1"}]},
            {"type": "campaign.send"},
            {"type": "campaign.send", "recipients": []},
            {"type": "campaign.send", "recipients": {"0": {"id": "c1"}}},
        ],
    )
    def test_is_an_answer_too(self, find, vault, body):
        assert find(body) == [(NOBODY,)]
        assert vault.count() == 0

    def test_a_batch_without_events_is_answered(self, find):
        assert find() == []


class TestLists:
    def test_everybody_listed_is_a_subject_in_order(self, find):
        ((first, second, again),) = find(mailing({"id": "c1"}, {"id": "c2"}, {"id": "c1"}))
        assert first.ref == again.ref != second.ref

    def test_somebody_without_an_identifier_keeps_the_place_of_the_others(self, find):
        ((nameless, second),) = find(mailing({"country": "DE"}, {"id": "c2", "country": "TR"}))
        assert nameless == Subject(None, "dpv:Customer", "DE")
        assert (second.ref is not None, second.jurisdiction) == (True, "TR")

    def test_what_is_no_object_keeps_its_place_too(self, find):
        ((text, none, third),) = find(mailing(EMAIL, None, {"id": "c3"}))
        assert (text.ref, none.ref, third.ref is not None) == (None, None, True)

    def test_an_array_in_the_list_is_several_people(self, find):
        ((first, last, second), (again,)) = find(
            mailing([{"id": "c1"}, {"id": "c2"}], {"id": "c3"}), mailing([[{"id": "c1"}]])
        )
        assert len({first.ref, second.ref, last.ref, None}) == 4
        assert again.ref == first.ref

    @pytest.mark.parametrize("identity", [10**24 + 7, 17])
    def test_a_number_of_any_size_is_an_identifier(self, find, identity):
        body = orjson.dumps(mailing({"id": "@"})).replace(b'"@"', str(identity).encode())
        ((number,), (text,)) = find(read(body), mailing({"id": str(identity)}))
        assert number.ref == text.ref is not None


class TestJurisdictions:
    @pytest.mark.parametrize(
        ("country", "code"),
        [("TR", "TR"), ("tr", "TR"), ("US-CA", "US-CA"), ("", ""), (None, ""), (7, "")],
    )
    def test_is_a_code(self, find, country, code):
        assert find(person(id="c1", country=country))[0][0].jurisdiction == code

    @pytest.mark.parametrize(
        "country", ["Ayse D.", "5551234", "TR\n", "Germany", "D", "US-", ["TR"]]
    )
    def test_anything_else_could_be_about_anybody_and_is_left_out(self, find, country):
        assert find(person(id="c1", country=country))[0][0].jurisdiction == ""


class TestAges:
    @pytest.mark.parametrize(
        ("born", "band"),
        [
            ("1990-05-17", ADULT),
            ("2008-10-01", ADULT),
            ("2008-12-31", CHILD_18),
            ("2010-12", CHILD_16),
            ("2013-12-01", CHILD_13),
            ("2026-01-01", CHILD_13),
            ("2999-01-01", CHILD_13),  # in doubt a child
            ("1990", ADULT),
            ("17.05.1990", 0),
            ("\u00b2\u00b2\u00b2\u00b2-01-01", 0),
            ("1990-1\u00b2-01", ADULT),
            ("", 0),
            (1990, 0),
            (None, 0),
        ],
    )
    def test_are_told_in_bands_at_the_time_of_the_event(self, find, born, band):
        assert find(person(id="c1", birth_date=born))[0][0].age_band == band

    def test_without_a_time_nobody_knows(self, vault):
        people = found(finder(vault), [event(person(id="c1", birth_date="1990-05-17"), time=None)])
        assert people[0][0].age_band == 0


def test_people_beyond_the_memory_are_still_the_same(vault, monkeypatch):
    monkeypatch.setattr("gateway.subjects.REMEMBERED", 2)
    one = finder(vault)
    crowd = [event(person(id=f"c{n}")) for n in range(10)]
    first, again = found(one, crowd), found(one, crowd)
    assert first == again
    assert len({subjects[0].ref for subjects in first}) == 10


PEOPLE = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ("id", "email", "phone", "country", "birth_date", "name"), VALUES | JSON
    ),
)


def places(listed) -> int:
    """Return how many people have a place in a list, one at least; in an inner list, each has one."""
    return max(sum(map(places, listed)), 1) if isinstance(listed, list) else 1


@settings(max_examples=80, deadline=None)
@given(st.lists(PEOPLE | JSON, max_size=6), st.lists(PEOPLE, max_size=6))
def test_whoever_is_listed_has_a_place_and_a_replay_gives_the_same(listed, contacts):
    vault = Vault.open(":memory:")
    events = [event(mailing(*listed)), *[event(person(**fields)) for fields in contacts]]
    first = found(finder(vault), events)
    assert [len(subjects) for subjects in first] == [places(listed), *[1] * len(contacts)]
    assert found(finder(vault), events) == first
    vault.close()
