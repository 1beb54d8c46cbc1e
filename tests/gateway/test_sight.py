"""What counts as seen, whose it is, and how often it was found."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detectors.leaves import Leaves
from detectors.overlap import Found
from detectors.scanner import Findings
from detectors.walk import Shapes
from gateway.sight import Sighted, Sights, sum_up
from schemas.audit import BY_CONTRACT, BY_RULE, FindingCount
from schemas.category import by_code, categories, mask_of
from schemas.event import contracts
from tests.gateway.build_pipeline import contact, engine, mailing

SHAPES = Shapes(contracts(), engine().hints)
NAME, EMAIL, PHONE = (by_code()[code].bit for code in ("name", "email", "phone"))
ENTITIES = ["PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER"]
RULES = {NAME: 0, EMAIL: 1, PHONE: 2}


def least(**thresholds: float):
    """Return from when each category counts: from a half, unless said otherwise."""
    said = {by_code()[code].bit: value for code, value in thresholds.items()}
    return np.array([said.get(one.bit, 0.5) for one in categories()], np.float32)


def sights(*events, **thresholds: float) -> Sights:
    """Return what the shipped rules see in some events."""
    leaves = Leaves()
    for event in events:
        assert SHAPES.walk(event, SHAPES.root(event["type"]), leaves, 64)
        leaves.starts.append(len(leaves.texts))
    kinds = [event["type"] for event in events]
    found = engine().scan(leaves)
    return sum_up(leaves, found, least(**thresholds), kinds, engine().entities)


def leaves_of(*sizes: int, people=(), owners=()) -> Leaves:
    """Return leaves of events of these sizes, each leaf in a container of its own.

    ``owners`` are the place of each leaf's person among the people of its event.
    """
    leaves, owner = Leaves(), iter(owners)
    node = SHAPES.lone("any")
    for size, many in zip(sizes, people or [1] * len(sizes), strict=True):
        leaves.firsts.append(len(leaves.facts))
        for _ in range(size):
            leaves.begins.append(len(leaves.texts))
            leaves.people.append(leaves.firsts[-1] + next(owner, 0))
            leaves.add("text", node, "key")
        leaves.facts += [[None]] * many
        leaves.starts.append(len(leaves.texts))
    return leaves


def found(leaf: int, bit: int, confidence: float = 1.0, by: int = BY_CONTRACT) -> Found:
    return Found(leaf, 0, 4, bit, RULES[bit], confidence, by)


def summed(
    fields=(), spans=(), sizes=(1,), people=(), kinds=(), owners=(), **thresholds: float
) -> Sights:
    """Return the sum of findings that a test made itself."""
    return sum_up(
        leaves_of(*sizes, people=people, owners=owners),
        Findings(list(fields), list(spans)),
        least(**thresholds),
        kinds or ["crm.contact"] * len(sizes),
        ENTITIES,
    )


class TestThresholds:
    def test_a_finding_counts_from_what_its_category_asks_for(self):
        spans = [found(at, EMAIL, sure, BY_RULE) for at, sure in enumerate([0.69, 0.7, 0.71])]
        assert summed(spans=spans, sizes=(3,), email=0.7).spans.found == spans[1:]

    def test_other_categories_have_their_own(self):
        unsure = [found(0, EMAIL, 0.6, BY_RULE), found(0, PHONE, 0.6, BY_RULE)]
        one = summed(spans=unsure, email=0.7)
        assert one.masks.tolist() == [mask_of(["phone"])]
        assert (one.spans.events.tolist(), one.person_fields.tolist()) == ([0], [1])

    def test_fields_are_weighed_like_spans(self):
        fields = [found(0, NAME, 0.4), found(1, NAME, 0.9)]
        one = summed(fields=fields, spans=[found(1, EMAIL, 0.3)], sizes=(2,))
        assert (one.fields.found, one.spans.found) == (fields[1:], [])

    def test_what_does_not_count_is_not_told_either(self):
        one = summed(fields=[found(0, NAME, 0.4)])
        assert (one.counts, one.confidence.tolist(), one.detected_by.tolist()) == ((), [1.0], [0])

    def test_real_findings_are_dropped_by_a_stricter_policy(self):
        event = contact(name="Ayse Demir", note="Ayse Demir called")
        spans = [len(sights(event, name=least).spans.found) for least in (0.5, 0.95)]
        assert spans == [1, 0]


class TestPeople:
    def test_what_is_found_at_a_listed_person_is_theirs(self):
        event = mailing(
            {"name": "Ayse Demir"}, {}, {"email": "b@ornek.example", "phone": "+905321234567"}
        )
        one = sights(event)
        assert one.first_person.tolist() == [0, 3]
        assert one.person_masks.tolist() == [mask_of(["name"]), 0, mask_of(["email", "phone"])]
        assert one.person_fields.tolist() == [1, 0, 2]
        assert one.masks.tolist() == [mask_of(["name", "email", "phone"])]

    def test_what_is_nested_below_a_person_is_theirs_too(self):
        event = mailing({}, {"more": {"deep": ["b@ornek.example"]}})
        assert sights(event).person_masks.tolist() == [0, mask_of(["email"])]

    def test_what_belongs_to_nobody_listed_is_the_first_ones(self):
        event = mailing({}, {"email": "b@ornek.example"}) | {"extra": "call +90 532 123 45 67"}
        one = sights(event)
        assert one.person_masks.tolist() == [mask_of(["phone"]), mask_of(["email"])]

    def test_a_key_or_a_header_is_the_first_ones(self):
        leaves = leaves_of(0, people=[2])
        leaves.outside("a@ornek.example", SHAPES.lone("#key"), -1)
        leaves.starts[-1] = 1
        args = (Findings([], [found(0, EMAIL)]), least(), ["campaign.send"], ENTITIES)
        assert sum_up(leaves, *args).person_masks.tolist() == [mask_of(["email"]), 0]

    def test_each_event_has_people_of_its_own(self):
        events = [
            mailing({"name": "Ayse"}, {"name": "Can"}),
            contact(name="Deniz"),
            mailing({"name": "Ece"}),
        ]
        one = sights(*events)
        assert one.first_person.tolist() == [0, 2, 3, 4]
        assert one.person_fields.tolist() == [1, 1, 2, 1]

    def test_a_field_in_which_much_is_found_is_one_field(self):
        event = contact(note="write a@ornek.example or b@ornek.example, call +90 532 123 45 67")
        assert sights(event).person_fields.tolist() == [2]  # the note, and the id


class TestCounts:
    def test_are_by_kind_entity_and_way_with_the_lowest_confidence(self):
        one = summed(
            fields=[found(0, EMAIL), found(3, EMAIL)],
            spans=[
                found(1, EMAIL, 0.9, BY_RULE),
                found(2, EMAIL, 0.75, BY_RULE),
                found(3, PHONE, 0.8, BY_RULE),
            ],
            sizes=(3, 1),
            kinds=("crm.contact", "call.record"),
        )
        assert one.counts == (
            FindingCount("call.record", "EMAIL_ADDRESS", EMAIL, BY_CONTRACT, 1, 1.0),
            FindingCount("call.record", "PHONE_NUMBER", PHONE, BY_RULE, 1, 0.8),
            FindingCount("crm.contact", "EMAIL_ADDRESS", EMAIL, BY_CONTRACT, 1, 1.0),
            FindingCount("crm.contact", "EMAIL_ADDRESS", EMAIL, BY_RULE, 2, 0.75),
        )

    def test_by_entity_sums_them_up(self):
        one = summed(fields=[found(0, EMAIL)], spans=[found(0, EMAIL, 0.9, BY_RULE)])
        assert one.by_entity() == Counter({"EMAIL_ADDRESS": 2})


class TestNothing:
    def test_a_batch_without_events_is_summed_up(self):
        one = summed(sizes=())
        assert (one.masks.tolist(), one.first_person.tolist(), one.counts) == ([], [0], ())
        assert (one.fields.found, one.spans.found) == ([], [])

    def test_events_without_findings_are_surely_without_any(self):
        one = summed(sizes=(2, 0))
        assert one.masks.tolist() == [0, 0]
        assert one.confidence.tolist() == [1.0, 1.0]
        assert (len(one.fields.events), len(one.spans.events)) == (0, 0)


SIZES = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 3)), max_size=5)


@given(SIZES, st.data())
def test_the_columns_are_what_counting_one_by_one_gives(shape, data):
    sizes, people = [size for size, _ in shape], [many for _, many in shape]
    event_of = [event for event, size in enumerate(sizes) for _ in range(size)]
    owners = [data.draw(st.integers(0, people[event] - 1)) for event in event_of]
    some = st.lists(
        st.builds(
            found,
            st.integers(0, max(len(event_of) - 1, 0)),
            st.sampled_from([NAME, EMAIL, PHONE]),
            st.sampled_from([0.4, 0.5, 0.9]),
            st.sampled_from([1, 2, 4]),
        ),
        max_size=8 if event_of else 0,
    ).map(sorted)
    fields, spans = data.draw(some), data.draw(some)
    one = summed(fields, spans, sizes, people, owners=owners)
    for event in range(len(sizes)):
        sure = [f for f in [*fields, *spans] if event_of[f.leaf] == event and f.confidence >= 0.5]
        assert [*of_event(one.fields, event), *of_event(one.spans, event)] == sure
        assert one.confidence[event] == np.float32(min((f.confidence for f in sure), default=1))
        assert set(bits(one.masks[event])) == {f.bit for f in sure}
        first = one.first_person[event]
        for person in range(people[event]):
            theirs = [f for f in sure if owners[f.leaf] == person]
            assert set(bits(one.person_masks[first + person])) == {f.bit for f in theirs}
            assert one.person_fields[first + person] == len({f.leaf for f in theirs})
    assert sum(each.count for each in one.counts) == len(one.fields.found) + len(one.spans.found)


def of_event(some: Sighted, event: int) -> list[Found]:
    """Return the findings of an event; their bits stand beside them."""
    numbered = zip(some.found, some.bits.tolist(), some.events.tolist(), strict=True)
    return [each for each, bit, where in numbered if where == event and each.bit == bit]


def bits(mask) -> list[int]:
    return [bit for bit in range(63) if int(mask) >> bit & 1]
