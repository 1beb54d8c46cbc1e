import pytest

from detectors.proof import look
from detectors.scanner import Engine
from tests.detectors.build import found, rule, scanned

PHONES = [f"+90 532 123 45 {n:02d}" for n in range(30)]


def numbers(text: str, at: str = "text") -> list[str]:
    return [value for _, value in found(text, at)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4539148803436467", ("CREDIT_CARD", "4539148803436467")),
        ("4539 1488 0343 6467", ("CREDIT_CARD", "4539 1488 0343 6467")),
        ("4539-1488-0343-6467.", ("CREDIT_CARD", "4539-1488-0343-6467")),
        (
            "4539\u00a01488\u202f0343\u00a06467",
            ("CREDIT_CARD", "4539\u00a01488\u202f0343\u00a06467"),
        ),
        ("(10000000146)", ("TR_NATIONAL_ID", "10000000146")),
        ("tel (0532) 123 45 67", ("PHONE_NUMBER", "(0532) 123 45 67")),
        ("(0532 123 45 67)", ("PHONE_NUMBER", "0532 123 45 67")),
        ("(+90) 532 123 45 67", ("PHONE_NUMBER", "(+90) 532 123 45 67")),
        ("(+90 532 123 45 67)", ("PHONE_NUMBER", "+90 532 123 45 67")),
        ("+1.212.555.0123", ("PHONE_NUMBER", "+1.212.555.0123")),
        ("号+905321234567号", ("PHONE_NUMBER", "+905321234567")),
        ("SSN/ID 536-22-8731", ("US_SSN", "536-22-8731")),
        ("NN 85.07.30-033.28", ("BE_NATIONAL_NUMBER", "85.07.30-033.28")),
    ],
)
def test_a_number_is_found_as_it_is_written(text, expected):
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "between",
    [
        *" -./",
        *"\u00a0\u1680\u2000\u2002\u2007\u2009\u200a\u202f\u205f\u3000",
        *"\u2010\u2011\u2012\u2013\u2014\u2015\u2212",
    ],
)
def test_any_space_or_dash_may_stand_between_groups(between):
    card = between.join(["4539", "1488", "0343", "6467"])

    assert found(card) == [("CREDIT_CARD", card)]
    assert found(f"kart {card}, teşekkürler") == [("CREDIT_CARD", card)]


@pytest.mark.parametrize(
    "text",
    [
        "1732459200000",
        "2026-11-24T10:20:30.123Z",
        "4539148803436467T",
        "4539148803436467_",
        "4539148803436468",
        "x4539148803436467",
        "117.0.5377.98",
        "2026-11-24",
        "SO-2026-647211",
        "2008-01-07T05:30:30.345323-03:00",
        "Boston, MA 02110-1301 USA",
        "order 5321234567",
        "0.10000000146",
        "5321234567",
    ],
)
def test_what_only_looks_like_a_number_of_somebody_is_not_found(text):
    assert found(text) == []


@pytest.mark.parametrize("between", [" ", "  ", ", ", ",", "\n", ";", " / "])
def test_every_number_of_a_list_is_found(between):
    assert numbers(between.join(PHONES)) == PHONES


def test_numbers_without_a_plus_are_told_apart_in_a_list():
    cards = ["4539148803436467", "5555555555554444", "378282246310005"]

    assert numbers(" ".join(cards)) == cards
    assert numbers(",".join(cards)) == cards


def test_a_comma_between_telephone_numbers_is_no_decimal_comma():
    assert numbers("0532 123 45 67,0533 123 45 68") == ["0532 123 45 67", "0533 123 45 68"]


def test_two_kinds_of_numbers_side_by_side_are_both_found():
    assert found("TC 10000000146 0532 123 45 67") == [
        ("TR_NATIONAL_ID", "10000000146"),
        ("PHONE_NUMBER", "0532 123 45 67"),
    ]


def test_a_number_in_groups_of_another_kind_is_not_that_number():
    assert found("tax no 12 3456 7890") == []
    assert found("tax no 123 456 7890") == [("TR_VKN", "123 456 7890")]


def test_bare_digits_are_a_telephone_number_only_where_something_says_so():
    assert numbers("05321234567") == []
    assert numbers("call 05321234567") == ["05321234567"]
    assert numbers("05321234567", at="mobile") == ["05321234567"]


def test_a_weak_checksum_needs_support():
    assert found("4540536920") == []
    assert found("4540536920", at="vkn") == [("TR_VKN", "4540536920")]


@pytest.mark.parametrize(
    "text",
    [
        "vergi no için fatura 4540536920",
        "invoice 4540536920, tax id follows",
        "national id on ticket 039337423",
    ],
)
def test_a_weak_checksum_beside_an_order_or_invoice_is_no_evidence(text):
    assert found(text) == []


def test_an_invoice_s_number_does_not_hide_the_tax_number_behind_it():
    assert numbers("invoice 1234567890, VKN 4540536920") == ["4540536920"]


def test_a_json_number_is_looked_at_too():
    assert [one.entity for one in scanned({"x": 10000000146, "y": 1732459200000})] == [
        "TR_NATIONAL_ID"
    ]


def test_the_better_grouped_number_is_surer():
    [international] = scanned({"text": "+90 532 123 45 67"})
    [national] = scanned({"text": "0532 123 45 67"})

    assert international.confidence > national.confidence >= 0.5


def test_a_number_that_something_contradicts_is_reported_but_does_not_count():
    assert [one.confidence for one in scanned({"text": "order 4539148803436467"})] == [0.35]


def test_of_several_national_numbers_that_fit_the_surest_is_said():
    one = rule(entity="WEAK", lengths=(11,), needs="support", hints=("id",), supported=0.8)
    other = rule(
        entity="STRONG", lengths=(11,), check="tr_national_id", hints=("id",), supported=0.9
    )
    engine = Engine([one, other])

    assert [verdict.entity for verdict in look(engine, "id", "10000000146")] == ["STRONG"]
    assert [verdict.entity for verdict in look(engine, "id", "10000000147")] == ["WEAK"]


def test_digits_of_each_account_of_a_text_are_nothing_else():
    ibans = "TR330006100519786457841326 DE89370400440532013000"

    assert numbers(ibans) == ibans.split()


@pytest.mark.parametrize("unit", ["123 456 ", "12-34-", "1 ", "0532 ", "1.1.1.1."])
def test_a_long_run_is_told_apart_by_sizes_and_hides_nothing(unit):
    assert numbers(unit * 5000 + ", 4539148803436467") == ["4539148803436467"]
