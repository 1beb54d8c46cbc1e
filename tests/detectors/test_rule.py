import pytest
from msgspec import ValidationError, convert

from detectors.rule import AGAINST, Rule, field_words, shipped
from schemas.category import by_code
from tests.detectors.build import rule


def test_the_first_rules_are_there():
    assert {one.entity for one in shipped()} == {
        "EMAIL_ADDRESS", "PHONE_NUMBER", "PERSON", "STREET_ADDRESS", "DATE_OF_BIRTH", "CREDIT_CARD",
        "IBAN_CODE", "TR_NATIONAL_ID", "TR_VKN", "KZ_IIN", "IL_ID", "AE_EMIRATES_ID", "US_SSN",
        "IP_ADDRESS", "MAC_ADDRESS", "JWT", "AWS_ACCESS_KEY", "BEARER_TOKEN", "PASSWORD",
        "URL_CREDENTIALS",
    }  # fmt: skip


def test_every_rule_says_where_its_format_is_written_down():
    assert [one.name for one in shipped() if not one.references] == []


def test_no_two_rules_have_one_name():
    names = [one.name for one in shipped()]

    assert len(names) == len(set(names))


def test_one_category_s_annotated_fields_have_one_name():
    bits = [one.bit for one in shipped() if one.annotated]

    assert len(bits) == len(set(bits))


def test_groups_of_digits_add_up_to_a_length():
    wrong = [
        (one.name, groups)
        for one in shipped()
        for groups in one.groups
        if sum(groups) not in one.lengths
    ]

    assert wrong == []


def test_hints_are_written_as_field_names_are_read():
    assert [hint for one in shipped() for hint in one.hints if field_words(hint) != hint] == []


def test_no_word_speaks_against_all_rules_and_for_one():
    assert {word for one in shipped() for word in one.context} & set(AGAINST) == set()


def test_a_rule_has_a_name_and_its_category_s_bit():
    number = rule(category="phone", entity="X", candidate="digits")

    assert (number.name, number.bit) == ("X.digits", by_code()["phone"].bit)


def test_a_misspelt_word_in_a_rule_is_refused():
    with pytest.raises(ValidationError, match="unknown field `prefix`"):
        convert({"entity": "X", "prefix": "1"}, Rule)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("clientIP", "client_ip"),
        ("customerFirstName", "customer_first_name"),
        ("X-Forwarded-For", "x_forwarded_for"),
        ("HTTPServer", "http_server"),
        ("__id__", "id"),
        ("doğumTarihi", "doğum_tarihi"),
        ("address1", "address1"),
    ],
)
def test_a_field_s_name_is_read_as_words(key, words):
    assert field_words(key) == words
