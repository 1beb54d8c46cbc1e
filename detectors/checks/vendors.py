"""Tokens of known issuers: their forms, the sums that some end in, the JSON that some hold.

The forms are those that the issuers publish or let secret scanners look for. Sums that no issuer
documents were found by others, and hold for the examples that are published.
"""

import hashlib
import re
import zlib
from base64 import b32encode
from collections.abc import Callable
from urllib.parse import unquote

from detectors.checks.digits import Check, bech32_sum
from detectors.checks.tokens import decoded, decoded_json, dense, entropy, jwt

BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SUM, _HEX_SUM = 6, 8  # digits of base 62, and of base 16, that 32 bits take


def based(number: int, digits: str, size: int) -> str:
    """Return a number in the base of so many digits, with leading zeros up to a size."""
    text = ""
    while number or len(text) < size:
        number, rest = divmod(number, len(digits))
        text = digits[rest] + text
    return text


def _crc(text: str) -> int:
    return zlib.crc32(text.encode())


def github(text: str) -> bool:
    """GitHub's and npm's tokens: behind the prefix, 6 last characters are the rest's CRC-32.

    GitHub, Behind GitHub's new authentication token formats (2021); npm took the format over. A sum
    that holds is proof enough: chance also makes tokens in which one character stands six times.
    """
    body = text.rpartition("_")[2]
    return len(body) > _SUM and based(_crc(body[:-_SUM]), BASE62, _SUM) == body[-_SUM:]


_GITHUB_FINE = re.compile(
    r"(github_pat_[0-9A-Za-z]{22}_[0-9A-Za-z]{43})([A-Z2-7]{8})[0-9A-Za-z]{8}"
)


def github_fine(text: str) -> bool:
    """GitHub's fine-grained token: 8 characters are the head of the base 32 of a SHA-256."""
    form = _GITHUB_FINE.fullmatch(text)
    if form is None:
        return False
    return b32encode(hashlib.sha256(form[1].encode()).digest())[:8].decode() == form[2]


def github_app(text: str) -> bool:
    """GitHub's token of an installation: opaque, or a web token behind the number of the app."""
    rest = text.removeprefix("ghs_")
    if "." not in rest:
        return len(rest) == 36 and "_" not in rest and dense(rest)
    app, _, token = rest.partition("_")
    return app.isdigit() and jwt(token)


# GitLab documentation, Token overview: the prefixes, and how many characters follow each.
_GITLAB = re.compile(
    r"(?:GR1348941|gl(?:pat|dt|ft|rt|soat|ffct|rtr)-)[0-9A-Za-z_\-]{20}"
    r"|gl(?:imt-[0-9A-Za-z_\-]{25}|agent-[0-9A-Za-z_\-]{50}|oas-[0-9A-Za-z_\-]{64}"
    r"|ptt-[0-9a-f]{40}|wt-[0-9A-Za-z_\-]{20,300}|cbt-[0-9A-Za-z]{1,5}_[0-9A-Za-z_\-]{20})"
)
_GITLAB_ROUTABLE = re.compile(
    r"(gl[a-z]{2,6}-(?:t[0-9]_)?[0-9A-Za-z_\-]{27,300}\.01\.[0-9a-z]{2})([0-9a-z]{7})"
)


def gitlab(text: str) -> bool:
    """GitLab's tokens; a routable one ends in the CRC-32 of all before, in base 36."""
    routable = _GITLAB_ROUTABLE.fullmatch(text)
    if routable is not None:
        return based(_crc(routable[1]), BASE36, 7) == routable[2]
    return _GITLAB.fullmatch(text) is not None and dense(text)


def crc_hex(text: str) -> bool:
    """Atlassian's tokens: the 8 last characters are the CRC-32 of all before, in capitals."""
    return len(text) > _HEX_SUM and f"{_crc(text[:-_HEX_SUM]):0{_HEX_SUM}X}" == text[-_HEX_SUM:]


_GRAFANA = re.compile(r"(glsa_[0-9A-Za-z]{32})_([0-9a-f]{8})")


def grafana(text: str) -> bool:
    """Grafana's service account token: it ends in its CRC-32, the low byte first."""
    form = _GRAFANA.fullmatch(text)
    return form is not None and _crc(form[1]).to_bytes(4, "little").hex() == form[2]


def yandex(text: str) -> bool:
    """Yandex' OAuth token: bytes in base 64, of which the 4 last are the CRC-32 of the rest."""
    raw = decoded(text[3:])
    return raw is not None and len(raw) > 30 and zlib.crc32(raw[:-4]) == int.from_bytes(raw[-4:])


BECH32 = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
_CHARS = {char: value for value, char in enumerate(BECH32)}


def age(text: str) -> bool:
    """Secret key of age: 32 bytes in Bech32, which ends in a checksum."""
    head, _, data = text.rpartition("1")
    if len(data) != 58 or not set(data) <= _CHARS.keys():
        return False
    return bech32_sum(head.lower().encode(), [_CHARS[char] for char in data]) == 1


def discord(text: str) -> bool:
    """Discord's token: the number of the account in base 64, a time, a signature."""
    number = decoded(text.partition(".")[0])
    return number is not None and number.isdigit() and 17 <= len(number) <= 20 and dense(text)


_PYPI = (b"\x02\x01\x08pypi.org\x02", b"\x02\x01\x0dtest.pypi.org\x02")


def pypi(text: str) -> bool:
    """PyPI's token: a macaroon of version 2, which begins with the place that it is for."""
    raw = decoded(text.removeprefix("pypi-"))
    return raw is not None and raw.startswith(_PYPI)


def bedrock(text: str) -> bool:
    """Amazon Bedrock's key: in base 64 it says what it is."""
    raw = decoded(text.removeprefix("ABSK"))
    return raw is not None and raw.startswith(b"BedrockAPIKey-")


def artifactory(text: str) -> bool:
    """JFrog's tokens: a key of 73 characters, or a reference that says so in base 64."""
    if text.startswith("AKCp"):
        return len(text) == 73 and dense(text)
    return (decoded(text) or b"").startswith(b"reftkn:") and len(text) == 64


def holding(prefix: str, end: str, *names: str) -> Check:
    """Return the check of a token that holds a JSON object with some names in base 64.

    The object is between a prefix and the first character ``end``, or goes on to the last one.
    """

    def check(text: str) -> bool:
        content = decoded_json(text.removeprefix(prefix).partition(end)[0])
        return isinstance(content, dict) and all(name in content for name in names)

    return check


def sized(*sizes: int) -> Check:
    """Return the check of a key that is so many bytes of chance in base 64, percent-encoded or not."""

    def check(text: str) -> bool:
        raw = decoded(unquote(text))
        return raw is not None and len(raw) in sizes and dense(text)

    return check


def begun(*heads: bytes) -> Check:
    """Return the check of a token that is bytes in base 64, the first of which are known."""

    def check(text: str) -> bool:
        raw = decoded(text)
        return raw is not None and raw.startswith(heads)

    return check


def formed(form: str) -> Check:
    """Return the check of a token of a form, whose characters can be of chance."""
    matches: Callable[[str], object] = re.compile(form).fullmatch

    def check(text: str) -> bool:
        return matches(text) is not None and dense(text)

    return check


_INTERCOM = re.compile(rb"tok:[0-9a-f]{8}(?:_[0-9a-f]{4}){3}_[0-9a-f]{12}:[0-9]:[0-9]")


def intercom(text: str) -> bool:
    """Intercom's token: in base 64 it says what it is, and holds a UUID."""
    return _INTERCOM.fullmatch(decoded(text) or b"") is not None


_SENTRY_USER = re.compile(r"sntryu_[0-9a-f]{64}")
_sentry_org = holding("sntrys_", "_", "iat", "org")


def sentry(text: str) -> bool:
    """Sentry's tokens: of a user in base 16, of an organization as JSON with a signature."""
    return _sentry_org(text) or (_SENTRY_USER.fullmatch(text) is not None and dense(text))


def twitter(text: str) -> bool:
    """X's bearer token: zeros in base 64 in front of what is of chance."""
    rest = text.lstrip("A")
    return len(rest) >= 60 and entropy(rest) >= 4  # of 6 bits at most


_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_WORD = r"[0-9A-Za-z_\-]"
FORMS = {
    "azure_key": r"[0-9A-Za-z]{52}JQQJ9[9D][0-9A-Za-z][A-L][0-9A-Za-z]{16}[A-Za-z][0-9A-Za-z]{7}"
    r"(?:[0-9A-Za-z]{2}==)?",
    "braintree": r"access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}",
    "databricks": r"dapi[0-9a-f]{32}(?:-[0-9])?",
    "discord_webhook": rf"[0-9]{{17,20}}/{_WORD}{{60,72}}",
    "flutterwave": r"FLWSECK(?:_TEST)?-[0-9a-h]{32}-X",
    "harness": rf"[ps]at\.{_WORD}{{22}}\.[0-9a-f]{{24}}\.[0-9A-Za-z]{{20}}",
    "launchdarkly": rf"(?:sdk|api)-{_UUID}",
    "notion": r"ntn_[0-9]{11}[0-9A-Za-z]{35}|secret_[0-9A-Za-z]{43}",
    "okta": rf"00{_WORD}{{40}}",
    "onepassword_key": r"A3-[0-9A-Z]{6}-(?:[0-9A-Z]{11}|[0-9A-Z]{6}-[0-9A-Z]{5})"
    r"-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}",
    "openai": r"sk-(?:[0-9A-Za-z]{48}"  # the middle of what is newer is «OpenAI» in base 64
    rf"|(?:proj|svcacct|admin|None)-{_WORD}{{20,80}}T3BlbkFJ{_WORD}{{20,80}})",
    "plaid": rf"access-(?:sandbox|development|production)-{_UUID}",
    "slack": r"xox[abcoprs](?:-[0-9]{1,3})?(?:-[0-9]{8,16}){1,3}-[0-9A-Za-z]{18,64}"
    r"|xoxe(?:\.xox[bp])?-[0-9]-[0-9A-Za-z]{140,170}",
    "slack_app": r"xapp-[0-9]-[0-9A-Z]{9,12}-[0-9]{10,14}-[0-9a-f]{64}",
    "slack_webhook": r"T[0-9A-Z]{7,12}/(?:[AB][0-9A-Z]{7,12}/)?(?:[0-9]{10,20}/)?[0-9A-Za-z]{20,40}",
    "sourcegraph": r"sgp_(?:(?:[0-9a-f]{16}|local)_)?[0-9a-f]{40}",
    "teams_webhook": rf"{_UUID}@{_UUID}/IncomingWebhook/[0-9a-f]{{32}}/{_UUID}(?:/{_WORD}{{20,60}})?",
    "telegram": rf"[0-9]{{8,10}}:AA{_WORD}{{33}}",
    "yandex_iam": rf"[tc]1\.{_WORD}{{8,2000}}={{0,2}}\.{_WORD}{{86}}={{0,2}}",
}
CHECKS: dict[str, Check] = {
    **{name: formed(form) for name, form in FORMS.items()},
    "github": github,
    "github_fine": github_fine,
    "github_app": github_app,
    "gitlab": gitlab,
    "crc_hex": crc_hex,
    "grafana": grafana,
    "grafana_cloud": holding("glc_", "_", "o", "n", "k"),
    "grafana_key": holding("", ".", "k", "n", "id"),
    "sentry": sentry,
    "onepassword": holding("ops_", "_", "secretKey"),
    "mapbox": holding("sk.", ".", "u"),
    "yandex": yandex,
    "age": age,
    "discord": discord,
    "pypi": pypi,
    "artifactory": artifactory,
    "twitter": twitter,
    "bytes_32": sized(32),
    "bytes_64": sized(64),
    "aws_session": begun(b"!\n", b"\x17\n", b"\x15\n"),
    "bedrock": bedrock,
    "intercom": intercom,
}
