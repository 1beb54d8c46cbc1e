"""Transforms: what is left of a value, for every category, and that the value itself never is."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from detectors.proof import findings
from detectors.scanner import Engine
from gateway import transform as module
from gateway.tokens import Keyring
from gateway.transform import transform
from schemas.access import Action
from schemas.category import by_code

KEYS = Keyring("acme", bytes(range(32)))
CODES = sorted(by_code())
VALUES = st.one_of(
    st.text(min_size=3),
    st.from_regex(r"[+(]?[0-9][0-9 ().-]{5,18}[0-9]", fullmatch=True),
    st.emails(),
    st.ip_addresses().map(str),
    st.integers().map(str),
    st.floats(allow_nan=False).map(str),
    st.dates().map(str),
    st.sampled_from(["***", "********", "******", "+90 ***", "A. B.", "*@b.example", "1985"]),
)
# One value of each category that a rule finds by its content, as the rules' examples have them.
FOUND = {
    "email": ["ayse.yilmaz@ornek.com.tr", "li@example.cn", "o'neil@host.internal"],
    "phone": ["+90 532 123 45 67", "+1 (212) 555-0123", "0049 30 901820"],
    "birth_date": ["1985-03-21", "21.03.1985", "03/21/1985"],
    "payment_card": ["4539 1488 0343 6467", "5555555555554444"],
    "bank_account": ["TR33 0006 1005 1978 6457 8413 26", "DE89370400440532013000"],
    "government_id": ["10000000146", "850101300124", "784-1980-1234567-8", "536-22-8731"],
    "ip_address": ["203.0.113.7", "2001:db8::8a2e:370:7334", "::ffff:203.0.113.7"],
    "device_id": ["00:1B:44:11:3A:B7"],
}
WRITTEN = [(code, text) for code, texts in FOUND.items() for text in texts]
AROUND = (
    "{}",
    "born {} please call, IP {} card {}",
    "tel: {}, kimlik no {}",
    "https://x.example/?q={}&n=1",
)


@pytest.fixture(scope="module")
def engine():
    return Engine()


def masked(code, text):
    return transform(Action.MASK, code, text, KEYS)


def generalised(code, text):
    return transform(Action.GENERALISE, code, text, KEYS)


@pytest.mark.parametrize(
    ("code", "text", "left"),
    [
        ("email", "ayse.yilmaz@ornek.com.tr", "a***@o***.tr"),
        ("email", "li@x.example", "***@***.example"),
        ("email", "not an address", "n***"),
        ("email", "ayse@intranet", "a***@***"),
        ("email", "ayse@x.y and more", "a***@***"),
        ("phone", "+90 532 123 45 67", "+** *** *** ** 67"),
        ("phone", "05321234567", "*********67"),
        ("phone", "112", "***"),
        ("name", "Ayşe Nur Öztürk", "A. N. Ö."),
        ("name", "Li Wei", "*. W."),
        ("name", "李伟", "*."),
        ("name", "王小明", "*."),  # its first character is a family name
        ("username", "王小明明", "***"),
        ("email_engagement", "True", "***"),
        ("email_engagement", "False", "***"),
        ("payment_card", "4539 1488 0343 6467", "**** **** **** 6467"),
        ("bank_account", "DE89370400440532013000", "******************3000"),
        ("government_id", "784-1980-1234567-8", "***-****-******7-8"),
        ("government_id", "12345", "****5"),
        ("device_id", "00:1B:44:11:3A:B7", "**:**:**:**:**:B7"),
        ("ip_address", "203.0.113.7", "203.*.*.*"),
        ("ip_address", "2001:db8::1", "2001:*::*"),
        ("ip_address", "203.0.113.7, 10.0.0.1", "203.*.*.*, *.*.*.*"),
        ("ip_address", "office.example", "***"),
        ("ip_address", "ada.example", "***"),  # hexadecimal, but no number of an address
        ("birth_date", "1985-03-21", "1985-**-**"),
        ("birth_date", "21.03.1985", "**.**.1985"),
        ("birth_date", "19850321", "********"),
        ("birth_date", "21 March 1985", "** ***** 1985"),
        ("birth_date", "1985", "[BIRTH_DATE]"),
        ("location_precise", "41.00820, -28.97840", "41.**, -28.**"),
        ("location_precise", "u4pruydq", "***"),
        ("location_precise", "41.5 Baker Street", "***"),
        ("postal_address", "Atatürk Cad. 12, Beşiktaş", "A***"),
        ("password", "hunter2", "********"),
        ("religion", "Muslim", "***"),
        ("lead_score", "87", "***"),
    ],
)
def test_a_masked_value_keeps_its_shape_and_little_else(code, text, left):
    assert masked(code, text) == left


@pytest.mark.parametrize(
    ("code", "text", "left"),
    [
        ("name", "Ayşe Öztürk", "[PERSON]"),
        ("email", "ayse.yilmaz@ornek.com.tr", "*@ornek.com.tr"),
        ("email", "nobody", "[EMAIL]"),
        ("email", "ayse@ornek.com or call", "[EMAIL]"),
        ("phone", "+90 532 123 45 67", "+90 ***"),
        ("phone", "+12125550123", "+1 ***"),
        ("phone", "00971 50 123 4567", "+971 ***"),
        ("phone", "05321234567", "[PHONE]"),
        ("birth_date", "1985-03-21", "1985"),
        ("birth_date", "03/21/1985", "1985"),
        ("birth_date", "21.03.85", "[BIRTH_DATE]"),
        ("birth_date", "1985", "[BIRTH_DATE]"),
        ("ip_address", "203.0.113.7", "203.0.113.*"),
        ("ip_address", "2001:db8:85a3::8a2e:370:7334", "2001:db8:85a3:*"),
        ("ip_address", "::ffff:203.0.113.7", "203.0.113.*"),
        ("ip_address", "host.example", "[IP_ADDRESS]"),
        ("ip_address", "fe80:1::1%hilde", "fe80:1:0:*"),
        ("ip_address", "::ffff:203.0.113.7%hilde", "203.0.113.*"),
        ("postal_address", "Atatürk Cad. 12, Beşiktaş, İstanbul", "İstanbul"),
        ("postal_address", "Hauptstraße 5, 10115 Berlin", "Berlin"),
        ("postal_address", "Казахстан, Алматы, ул. Абая", "[ADDRESS]"),
        ("postal_address", "Berlin, Hauptstraße", "[ADDRESS]"),
        ("postal_address", "221B Baker Street", "[ADDRESS]"),
        ("postal_address", "London, Flat 4", "[ADDRESS]"),
        ("postal_address", "Mill Lane 2, behind the old post office", "[ADDRESS]"),
        ("location_imprecise", "Ankara, Türkiye", "Türkiye"),
        ("location_imprecise", "Ankara", "[LOCATION_IMPRECISE]"),
        ("location_precise", "41.00820, -28.97840", "41.0, -28.9"),
        ("location_precise", "41.0", "[LOCATION_PRECISE]"),
        ("location_precise", "Baker Street 41.55", "[LOCATION_PRECISE]"),
        ("lead_score", "87", "<90"),
        ("lead_score", "3", "<5"),
        ("lead_score", "10", "<20"),
        ("billing", "1234.50", "<2000"),
        ("billing", "-250", ">-300"),
        ("billing", "gold", "[BILLING]"),
        ("payment_card", "4539 1488 0343 6467", "[PAYMENT_CARD]"),
        ("health", "asthma", "[HEALTH]"),
    ],
)
def test_a_generalised_value_says_something_true_of_many(code, text, left):
    assert generalised(code, text) == left


@pytest.mark.parametrize("code", CODES)
def test_a_redacted_value_is_the_name_of_its_category(code):
    assert transform(Action.REDACT, code, "anything", KEYS) == f"[{code.upper()}]"


@pytest.mark.parametrize("action", [Action.DROP, Action.DENY, Action.QUARANTINE])
def test_what_should_not_be_there_at_all_is_redacted(action):
    assert transform(action, "email", "a@b.example", KEYS) == "[EMAIL]"


@pytest.mark.parametrize("action", [Action.MASK, Action.GENERALISE])
def test_an_unknown_category_is_redacted(action):
    assert transform(action, "shoe_size", "43", KEYS) == "[SHOE_SIZE]"


def test_every_category_is_masked_and_generalised_on_purpose():
    assert sorted(module._MASKS) == CODES
    assert sorted(module._GENERALISATIONS) == CODES


def test_allowed_values_stay():
    assert transform(Action.ALLOW, "email", "a@b.example", KEYS) == "a@b.example"


def test_tokens_and_pseudonyms_are_the_tenants():
    assert transform(Action.TOKENIZE, "email", "a@b.example", KEYS) == KEYS.token(
        "email", "a@b.example"
    )
    assert transform(Action.PSEUDONYMISE, "email", "a@b.example", KEYS) == KEYS.pseudonym(
        "email", "a@b.example"
    )


@given(
    st.sampled_from([Action.MASK, Action.GENERALISE, Action.REDACT]),
    st.sampled_from(CODES),
    VALUES,
)
def test_no_changed_value_holds_the_original(action, code, text):
    label = f"[{code.upper()}]"
    assume(
        text not in label
    )  # a value such as MAIL, which the name of the category happens to hold
    assert text not in transform(action, code, text, KEYS)


@given(st.sampled_from(["phone", "government_id", "payment_card", "bank_account"]), VALUES)
def test_a_mask_shows_at_most_a_quarter_of_a_number(code, text):
    left = masked(code, text)
    shown = [a for a, b in zip(text, left, strict=False) if a.isalnum() and a == b]
    assert left.startswith("[") or len(shown) <= sum(map(str.isalnum, text)) // 4


@pytest.mark.parametrize(
    "action",
    [Action.MASK, Action.GENERALISE, Action.TOKENIZE, Action.PSEUDONYMISE, Action.REDACT],
)
@pytest.mark.parametrize(("code", "text"), WRITTEN)
def test_no_rule_finds_in_a_changed_value_what_it_was(engine, action, code, text):
    category = {rule.entity: rule.category for rule in engine.rules}
    left = transform(action, code, text, KEYS)
    for frame in AROUND:
        found = findings(engine, "note", frame.replace("{}", left))
        assert [entity for entity, _, _ in found if category[entity] == code] == []
    assert any(findings(engine, "note", frame.replace("{}", text)) for frame in AROUND)


def test_no_rule_finds_anything_in_ten_thousand_tokens(engine):
    made = [KEYS.token("phone", f"+9053{number:08d}") for number in range(5000)]
    made += [KEYS.pseudonym("government_id", str(number)) for number in range(5000)]
    assert findings(engine, "note", " ".join(made)) == []
