"""What an API event says of who looked: enough to ask about, nothing of anybody's content."""

import ipaddress
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from detectors.leaves import Leaves
from detectors.walk import Shapes
from gateway.observe import Observer, network
from schemas.audit import Access
from schemas.event import UNKNOWN, Observed, contracts
from tests.gateway.build_pipeline import engine, keyring
from tests.gateway.generated_records import JSON, VALUES

OBSERVER = Observer(keyring())


def reported(body, contract=None) -> list[Any]:
    """Return the words of an access that an event reports; of the API, unless said otherwise."""
    contract = contract or contracts()["api.access"]
    leaves = Leaves()
    shapes = Shapes({contract.kind: contract}, engine().hints)
    shapes.walk(body, shapes.root(contract.kind), leaves, 64)
    (report,) = leaves.reports
    assert report is not None
    return report[1:]


def observed(**body) -> Access:
    return OBSERVER(reported(body))


def actor(**words) -> Access:
    return observed(actor=words)


def test_every_word_of_an_access_is_read():
    access = observed(
        actor={"id": "u-17", "role": "agent", "purpose": "support", "session": "s1", "mfa": True},
        recipient="stripe",
        client_address="192.0.2.77",
        client_country="TR",
    )
    assert access == Access(
        kind="observed",
        principal_uid="u-17",
        principal_type=1,
        role="agent",
        purpose="support",
        recipient="stripe",
        session_ref=access.session_ref,
        has_mfa=True,
        src_net="192.0.2.0/24",
        src_country="TR",
    )


@pytest.mark.parametrize("body", [{}, {"actor": None}, {"actor": []}, {"actor": {"id": None}}])
def test_an_access_that_says_nothing_is_told_as_such(body):
    assert observed(**body) == Access(kind="observed", principal_type=1)


def test_a_contract_may_have_nothing_but_an_actor():
    plan = replace(UNKNOWN, kind="x", observed=Observed(principal=("user",)))
    expected = Access(kind="observed", principal_uid="u-17", principal_type=1)
    assert OBSERVER(reported({"user": "u-17", "mfa": True}, plan)) == expected


class TestCodes:
    @pytest.mark.parametrize(
        "text", ["u-17", "svc:sales", "dpv:CustomerCare", "team/a.b_c", "x" * 64]
    )
    def test_stand_as_they_are(self, text):
        assert actor(id=text).principal_uid == text

    @pytest.mark.parametrize(
        "text",
        [
            "ayse@ornek.example",
            "Ayse Demir",
            "Ay\u015fe",
            "905321234567",
            "u-9053212",
            "0532-123-45-67",
            "078-05-1120",
            "192.0.2.77",
            "+90",
            "x" * 65,
            "u-17\n",
            "{}",
            12345678,
        ],
    )
    def test_are_all_that_does_what_is_none_becomes_a_pseudonym(self, text):
        found = actor(id=text).principal_uid
        assert re.fullmatch(r"psd_principal_[\w-]{22}", found)
        assert str(text) not in found

    def test_the_same_person_has_the_same_pseudonym(self):
        one, same, other = (
            actor(id=text).principal_uid
            for text in ("ayse@ornek.example", "Ayse@Ornek.example", "can@ornek.example")
        )
        assert one == same != other

    @pytest.mark.parametrize("word", ["role", "purpose"])
    def test_roles_and_purposes_are_held_to_the_same(self, word):
        assert getattr(actor(**{word: "ask Ayse!"}), word).startswith(f"psd_{word}_")

    def test_so_are_recipients_and_countries(self):
        access = observed(recipient="a@b.example", client_country="Ayse Demir")
        assert access.recipient.startswith("psd_recipient_")
        assert access.src_country.startswith("psd_country_")

    @pytest.mark.parametrize("value", [{"id": 1}, ["u-17"], ""])
    def test_what_is_no_text_or_number_is_nobody(self, value):
        assert actor(id=value).principal_uid == ""


class TestNetworks:
    @pytest.mark.parametrize(
        ("address", "net"),
        [
            ("192.0.2.77", "192.0.2.0/24"),
            ("255.255.255.255", "255.255.255.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
            ("2001:DB8::1", "2001:db8::/48"),
            ("::1", "::/48"),
            ("::ffff:192.0.2.77", "::/48"),
            ("192.0.2.77:443", ""),
            ("192.0.2", ""),
            ("host.example", ""),
            ("fe80::1%eth0", ""),
            ("192.0.2.7\x00", ""),
            ("\u0663.0.2.7", ""),
            ("", ""),
        ],
    )
    def test_an_address_is_cut_to_its_network(self, address, net):
        assert network(address) == net

    @pytest.mark.parametrize("address", [None, 3221226061, ["192.0.2.77"], {}])
    def test_what_is_no_text_has_none(self, address):
        assert observed(client_address=address).src_net == ""

    @given(st.ip_addresses())
    def test_the_network_holds_the_address_and_at_least_256_more(self, address):
        found = ipaddress.ip_network(network(str(address)))
        assert address in found
        assert found.prefixlen == (24 if address.version == 4 else 48)


class TestSessions:
    def test_are_told_apart_by_a_keyed_number(self):
        one, same, other = (actor(session=name).session_ref for name in ("s1", "s1", "s2"))
        assert one == same != other
        assert -(2**63) <= one < 2**63

    @pytest.mark.parametrize("session", [None, 17, ["s1"]])
    def test_that_are_no_text_are_none(self, session):
        assert actor(session=session).session_ref == 0


@pytest.mark.parametrize("mfa", ["true", 1, None])
def test_a_second_factor_is_yes_no_or_unknown(mfa):
    assert (actor(mfa=True).has_mfa, actor(mfa=False).has_mfa) == (True, False)
    assert actor(mfa=mfa).has_mfa is None


STORED = re.compile(r"[\w:./-]{0,64}", re.ASCII)
WORDS = dict.fromkeys(("id", "role", "purpose", "session", "mfa"), VALUES | JSON)


@given(st.fixed_dictionaries({}, optional=WORDS), VALUES | JSON, VALUES | JSON)
def test_whatever_an_event_says_only_codes_and_pseudonyms_are_stored(who, address, recipient):
    access = observed(
        actor=who, client_address=address, recipient=recipient, client_country=address
    )
    texts = [
        access.principal_uid,
        access.role,
        access.purpose,
        access.recipient,
        access.src_country,
    ]
    assert all(STORED.fullmatch(text) for text in texts)
    clear = [text for text in texts if not text.startswith("psd_")]
    assert not any(re.search("([0-9][_:./-]?){7}", text) for text in clear)
