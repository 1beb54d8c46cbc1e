"""Values that are made on the spot: hard negatives, credentials and network addresses.

A hard negative looks like personal data and is none: its check digits fail, its length is taken by
no telephone plan, or it is a version, a digest, a price or an instant. Credentials are made at run
time from chance; none is written down here, and none opens anything.
"""

import base64
from collections.abc import Callable, Mapping

from gateway.corpus import numbers
from gateway.corpus.dice import Dice
from gateway.corpus.phrase import Fact

Maker = Callable[[Dice], Fact]

_EPOCH = 1_793_491_200_000  # milliseconds; the corpus begins near it
_AMAZON_HEADS = ("AK", "AS")
_WORDS = ("blue", "Falcon", "winter", "Lale", "orbit", "Kaktus", "river", "Mavi", "stone", "Nord")


def order(dice: Dice) -> str:
    """Return the number of an order: with a head, or ten bare digits that fail every check."""
    return f"SO-2026-{dice.digits(6)}" if dice.chance(0.5) else numbers.failing_10(dice)


_TRACKING = (numbers.failing_9, numbers.failing_11, numbers.failing_12, numbers.failing_16)


def tracking(dice: Dice) -> str:
    """Return the number of a parcel, of a length that people's numbers have too."""
    return dice.pick(_TRACKING)(dice)


def price(dice: Dice) -> float:
    """Return an amount of money."""
    return dice.between(1000, 999_999) / 100


def version(dice: Dice) -> str:
    """Return a version of three parts, or of four that are no address."""
    if dice.chance(0.6):
        return f"{dice.below(12)}.{dice.below(40)}.{dice.below(100)}"
    if dice.chance(0.5):
        return f"v{dice.below(12)}.{dice.below(40)}.{dice.below(10)}.{dice.below(250)}"
    return _chrome(dice)


def _chrome(dice: Dice) -> str:
    return f"{dice.between(110, 131)}.0.{dice.between(5000, 6999)}.{dice.between(40, 250)}"


def epoch(dice: Dice) -> int:
    """Return an instant in milliseconds since 1970."""
    return _EPOCH + dice.below(2_000_000_000)


def uuid(dice: Dice) -> str:
    """Return a random UUID, version 4."""
    h = dice.hex(30)
    return f"{h[:8]}-{h[8:12]}-4{h[12:15]}-{'89ab'[dice.bits(2)]}{h[15:18]}-{h[18:30]}"


def sku(dice: Dice) -> str:
    """Return the number of an article."""
    return f"{dice.base32(2)}-{dice.digits(4)}-{dice.below(90) + 10}"


def digest(dice: Dice) -> str:
    """Return a hexadecimal digest, sometimes as a fingerprint in pairs that no device address is."""
    if dice.chance(0.9):
        return dice.hex(40)
    text = dice.hex(40)
    return ":".join(text[place : place + 2] for place in range(0, 40, 2))


def password(dice: Dice) -> str:
    """Return a password that a person would choose."""
    return f"{dice.pick(_WORDS)}{dice.pick('!._-')}{dice.pick(_WORDS)}{dice.digits(4)}"


def jwt(dice: Dice) -> str:
    """Return a JSON Web Token with a believable header and body and a signature of chance."""
    head = _base64(b'{"alg":"HS256"}')
    body = _base64(
        b'{"sub":"%d","exp":%d}' % (dice.below(9000), _EPOCH // 1000 + dice.below(10**6))
    )
    return f"{head}.{body}.{dice.base64(43)}"


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def aws_access_key(dice: Dice) -> str:
    """Return the id of an AWS access key."""
    return f"{dice.pick(_AMAZON_HEADS)}IA{dice.base32(16)}"


def userinfo(dice: Dice) -> str:
    """Return the user and password part of a URL."""
    return f"{dice.pick(('svc', 'sync', 'app', 'import'))}:{dice.base64(14)}"


def ip_address(dice: Dice) -> str:
    """Return an address of a range that no host on the Internet has, in one case of eight IPv6."""
    if dice.chance(0.125):
        return f"2001:db8:{dice.bits(16) or 1:x}::{dice.bits(16) or 1:x}"
    if dice.chance(0.5):
        return f"198.{dice.between(18, 19)}.{dice.below(256)}.{dice.between(1, 254)}"
    return f"100.{dice.between(64, 127)}.{dice.below(256)}.{dice.between(1, 254)}"


def mac_address(dice: Dice) -> str:
    """Return a locally administered device address."""
    text = dice.hex(10)
    return "02:" + ":".join(text[place : place + 2] for place in range(0, 10, 2))


def user_agent(dice: Dice) -> str:
    """Return what a client calls itself."""
    if dice.chance(0.5):
        return f"{dice.pick(('smilo-sdk', 'sale-sync', 'closr-app', 'curl'))}/{version(dice)}"
    return f"Mozilla/5.0 (X11) Chrome/{_chrome(dice)}"


def _plain(make: Callable[[Dice], object]) -> Maker:
    return lambda dice: Fact(str(make(dice)))


def _marked(make: Callable[[Dice], str], entity: str) -> Maker:
    return lambda dice: Fact(make(dice), entity)


NEGATIVES: Mapping[str, Maker] = {
    "order": _plain(order),
    "tracking": _plain(tracking),
    "price": lambda dice: Fact(f"{price(dice):.2f}"),
    "version": _plain(version),
    "uuid": _plain(uuid),
    "sku": _plain(sku),
    "count": lambda dice: Fact(str(dice.between(1, 900))),
}
SECRETS: Mapping[str, Maker] = {
    "password": _marked(password, "PASSWORD"),
    "jwt": _marked(jwt, "JWT"),
    "bearer": _marked(lambda dice: dice.base64(24), "BEARER_TOKEN"),
    "aws": _marked(aws_access_key, "AWS_ACCESS_KEY"),
    "userinfo": _marked(userinfo, "URL_CREDENTIALS"),
    "ip": _marked(ip_address, "IP_ADDRESS"),
    "mac": _marked(mac_address, "MAC_ADDRESS"),
}
MADE: Mapping[str, Maker] = {**NEGATIVES, **SECRETS}
