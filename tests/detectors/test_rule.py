import pytest
from msgspec import ValidationError, convert

from detectors.rule import Rule, field_words, read, shipped
from schemas.category import by_code
from tests.detectors.build import rule


def test_every_rule_says_where_its_format_is_written_down():
    assert [one.name for one in shipped() if not one.references] == []


def test_one_category_s_annotated_fields_have_one_name():
    bits = [one.bit for one in shipped() if one.annotated]

    assert len(bits) == len(set(bits))


def test_a_rule_has_a_name_and_its_category_s_bit():
    number = rule(category="phone", entity="X", candidate="digits")

    assert (number.name, number.bit) == ("X.digits", by_code()["phone"].bit)


def test_a_misspelt_word_in_a_rule_is_refused():
    with pytest.raises(ValidationError, match="unknown field `prefix`"):
        convert({"entity": "X", "prefix": "1"}, Rule)


def test_a_rule_that_does_not_need_support_says_how_sure_it_is():
    text = """[[rule]]
    entity = "X"
    category = "phone"
    candidate = "digits"
    examples = []
    counterexamples = []
    """

    assert read(text + 'needs = "support"', "own.toml")[0].confidence == 0
    with pytest.raises(ValueError, match=r"own.toml: X: confidence is needed"):
        read(text, "own.toml")


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
        ("VERG\u0130_K\u0130ML\u0130K_NO", "vergi_kimlik_no"),
        ("verg\u0131KimlikNo", "vergi_kimlik_no"),
    ],
)
def test_a_field_s_name_is_read_as_words(key, words):
    assert field_words(key) == words
