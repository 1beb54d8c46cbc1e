import base64
import ipaddress
import json
import re

import phonenumbers
import pytest

from gateway.corpus import made
from tests.gateway.corpus.build import dice_of

MANY = 500


def test_a_version_is_never_the_address_of_a_host() -> None:
    dice = dice_of(1)

    for _ in range(MANY):
        with pytest.raises(ValueError, match="does not appear to be"):
            ipaddress.ip_address(made.version(dice))


def test_an_address_is_one_that_no_host_on_the_internet_has() -> None:
    dice = dice_of(2)
    addresses = [ipaddress.ip_address(made.ip_address(dice)) for _ in range(MANY)]

    assert [address for address in addresses if address.is_global] == []
    assert {address.version for address in addresses} == {4, 6}


def test_a_device_address_is_locally_administered() -> None:
    assert re.fullmatch(r"02(?::[0-9a-f]{2}){5}", made.mac_address(dice_of(3)))


def test_an_instant_has_thirteen_digits() -> None:
    dice = dice_of(4)

    assert {len(str(made.epoch(dice))) for _ in range(MANY)} == {13}


def test_a_jwt_has_a_head_and_a_body_that_read_as_json() -> None:
    head, body, signature = made.jwt(dice_of(5)).split(".")

    assert json.loads(base64.urlsafe_b64decode(head + "==")) == {"alg": "HS256"}
    assert json.loads(base64.urlsafe_b64decode(body + "==")).keys() == {"sub", "exp"}
    assert len(signature) == 43


def test_an_access_key_has_the_shape_of_one() -> None:
    assert re.fullmatch(r"A[KS]IA[A-Z2-7]{16}", made.aws_access_key(dice_of(6)))


def test_a_uuid_is_of_version_4() -> None:
    assert re.fullmatch(
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
        made.uuid(dice_of(7)),
    )


def test_a_digest_is_sometimes_a_fingerprint_in_pairs() -> None:
    dice = dice_of(8)

    assert {len(made.digest(dice)) for _ in range(MANY)} == {40, 59}


@pytest.mark.parametrize("region", ["TR", "KZ", "AE", "US"])
def test_the_bare_number_of_an_order_cannot_be_dialled(region: str) -> None:
    dice = dice_of(9)
    bare = [made.order(dice) for _ in range(MANY)]

    for number in bare:
        if number.isdigit():
            assert not phonenumbers.is_valid_number(phonenumbers.parse(number, region)), number


def test_what_is_made_is_marked_as_what_it_is() -> None:
    dice = dice_of(10)

    assert {slot: make(dice).entity for slot, make in made.SECRETS.items()} == {
        "password": "PASSWORD",
        "jwt": "JWT",
        "bearer": "BEARER_TOKEN",
        "aws": "AWS_ACCESS_KEY",
        "userinfo": "URL_CREDENTIALS",
        "ip": "IP_ADDRESS",
        "mac": "MAC_ADDRESS",
    }
    assert {make(dice).entity for make in made.NEGATIVES.values()} == {""}
