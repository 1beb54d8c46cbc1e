"""Identifiers: however one was written it has one form, and two people never share one."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.identifier import canonical

COUNTRIES = ("TR", "KZ", "RU", "IL", "AE", "US", "CA", "DE", "GB")
KINDS = ("email", "phone", "name", "crm_id", "government_id", "payment_card", "username")
WAYS = (
    phonenumbers.PhoneNumberFormat.E164,
    phonenumbers.PhoneNumberFormat.INTERNATIONAL,
    phonenumbers.PhoneNumberFormat.NATIONAL,
    phonenumbers.PhoneNumberFormat.RFC3966,
)
TYPES = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE)


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("country", COUNTRIES)
def test_a_number_is_the_same_in_every_way_of_writing_it(country, kind):
    number = phonenumbers.example_number_for_type(country, kind)
    assert number is not None
    written = {phonenumbers.format_number(number, way) for way in WAYS}
    written.add(phonenumbers.format_number(number, WAYS[0]).removeprefix("+"))
    written.add(phonenumbers.format_number(number, WAYS[0]).replace("+", "00"))
    forms = {canonical("phone", text, country) for text in written}
    assert forms == {phonenumbers.format_number(number, WAYS[0])}


@pytest.mark.parametrize(
    ("text", "country", "form"),
    [
        ("0532 123 45 67", "TR", "+905321234567"),
        ("5321234567", "TR", "+905321234567"),
        ("8 701 234 56 78", "KZ", "+77012345678"),
        ("054-525-05-08", "IL", "+972545250508"),
        ("(212) 555-0123", "US-CA", "+12125550123"),
        ("+49 (0)30 901820", "", "+4930901820"),
        ("(+44) 20 7946 0958", "", "+442079460958"),
        ("\u0660\u0665\u0660 \u0661\u0662\u0663 \u0664\u0665\u0666\u0667", "AE", "+971501234567"),
        ("\uff0b90 532 123 45 67", "", "+905321234567"),
        ("0532 123 45 67", "", "05321234567"),
        ("0532 123 45 67", "EU", "05321234567"),
        ("011 44 20 7946 0958", "US", "+442079460958"),
        ("8 10 49 30 9018 2012", "RU", "+493090182012"),
        ("12345", "TR", "12345"),
        ("Unknown ", "TR", "unknown"),
        ("", "TR", ""),
    ],
)
def test_telephone_numbers(text, country, form):
    assert canonical("phone", text, country) == form


@pytest.mark.parametrize(
    ("kind", "text", "form"),
    [
        ("email", " Ayse.Yilmaz@Ornek.COM", "ayse.yilmaz@ornek.com"),
        ("email", "\uff41yse@ornek.com", "ayse@ornek.com"),
        ("government_id", "784-1980-1234567-8", "784198012345678"),
        ("government_id", "qq 12 34 56 c", "QQ123456C"),
        ("bank_account", "tr33 0006 1005", "TR3300061005"),
        ("name", "  AYŞE   Öztürk ", "ayşe öztürk"),
        ("crm_id", " 0013x00002AbCdE ", "0013x00002AbCdE"),
        ("username", "Ayse_Y", "ayse_y"),
    ],
)
def test_other_identifiers(kind, text, form):
    assert canonical(kind, text) == form


def test_ids_that_differ_in_case_alone_stay_apart():
    assert canonical("crm_id", "0013xAb") != canonical("crm_id", "0013xaB")


@given(st.sampled_from(KINDS), st.text(), st.sampled_from(["", *COUNTRIES]))
def test_anything_at_all_has_a_form(kind, text, country):
    assert isinstance(canonical(kind, text, country), str)
