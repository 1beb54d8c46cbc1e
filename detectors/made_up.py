"""Secrets that are made up when a proof runs, so that none stands in a file.

What a proof writes as ``{name}`` or ``{name:size}`` and is more than characters of an alphabet.
Each maker gets the size (0: none is given) and a source of characters that depends on the proof
alone: ``noise(alphabet, size)``.
"""

import base64
import hashlib
import json
import zlib
from collections.abc import Callable, Mapping

from detectors.checks.digits import bech32_sum
from detectors.checks.vendors import BASE36, BASE62, BECH32, based

Noise = Callable[[str, int], str]
Maker = Callable[[Noise, int], str]

_LINE = 64  # characters of a line of armour


def _raw(noise: Noise, size: int) -> bytes:
    return bytes.fromhex(noise("hex", 2 * size))


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _json(**content: object) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()


def _crc(text: str) -> int:
    return zlib.crc32(text.encode())


def _uuid(noise: Noise, _: int) -> str:
    text = noise("hex", 32)
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _jwt(noise: Noise, _: int) -> str:
    head, claims = _json(alg="HS256", typ="JWT"), _json(sub=noise("digits", 6))
    return f"{_base64url(head)}.{_base64url(claims)}.{noise('base64url', 43)}"


def _basic(noise: Noise, _: int) -> str:
    return _base64(f"{noise('lower', 6)}:{noise('alnum', 14)}".encode())


def _github(noise: Noise, size: int) -> str:
    """Return what follows the prefix of a GitHub or npm token."""
    body = noise("alnum", size - 6)
    return body + based(_crc(body), BASE62, 6)


def _github_fine(noise: Noise, _: int) -> str:
    body = f"github_pat_{noise('alnum', 22)}_{noise('alnum', 43)}"
    sum_ = base64.b32encode(hashlib.sha256(body.encode()).digest())[:8].decode()
    return body + sum_ + noise("alnum", 8)


def _gitlab(noise: Noise, _: int) -> str:
    body = f"glpat-{noise('base64url', 27)}.01.0{noise('lower', 1)}"
    return body + based(_crc(body), BASE36, 7)


def _summed(body: str) -> str:
    return f"{body}{_crc(body):08X}"


def _grafana(noise: Noise, _: int) -> str:
    body = f"glsa_{noise('alnum', 32)}"
    return f"{body}_{_crc(body).to_bytes(4, 'little').hex()}"


def _yandex(noise: Noise, _: int) -> str:
    body = b"\2\0\0\0" + _raw(noise, 33)
    return "y0_" + _base64url(body + zlib.crc32(body).to_bytes(4))


def _age(noise: Noise, _: int) -> str:
    data = [BECH32.index(char) for char in noise("upper", 300) if char in BECH32][:52]
    check = bech32_sum(b"age-secret-key-", [*data, *[0] * 6]) ^ 1
    sum_ = [check >> 5 * (5 - place) & 31 for place in range(6)]
    return "AGE-SECRET-KEY-1" + "".join(BECH32[symbol] for symbol in (*data, *sum_))


def _discord(noise: Noise, _: int) -> str:
    account = _base64url(f"9{noise('digits', 17)}".encode())
    return f"{account}.G{noise('alnum', 5)}.{noise('base64url', 38)}"


def _pypi(noise: Noise, _: int) -> str:
    return "pypi-" + _base64url(b"\2\1\x08pypi.org\2\1" + _raw(noise, 110))


def _sentry(noise: Noise, _: int) -> str:
    content = _json(iat=1.5e9, url="https://sentry.example", region_url="", org=noise("lower", 6))
    return f"sntrys_{_base64(content)}_{noise('base64', 43)}"


def _grafana_cloud(noise: Noise, _: int) -> str:
    return "glc_" + _base64(_json(o=noise("digits", 6), n="ingest", k=noise("alnum", 24), m={}))


def _grafana_key(noise: Noise, _: int) -> str:
    return _base64(_json(k=noise("alnum", 32), n="reader", id=1)).rstrip("=")


def _onepassword(noise: Noise, _: int) -> str:
    content = _json(signInAddress="my.example.com", secretKey=noise("upper", 26), pad="x" * 120)
    return "ops_" + _base64(content)


def _mapbox(noise: Noise, _: int) -> str:
    content = _json(u=noise("lower", 8), a=f"c{noise('lower', 24)}")
    return f"sk.{_base64url(content)}.{noise('base64url', 22)}"


def _lines(text: str) -> str:
    return "\n".join(text[at : at + _LINE] for at in range(0, len(text), _LINE))


def _armour(name: str, content: bytes) -> str:
    return f"-----BEGIN {name}-----\n{_lines(_base64(content))}\n-----END {name}-----"


def _pem(noise: Noise, size: int) -> str:
    body = _raw(noise, size or 96)
    return _armour("PRIVATE KEY", b"\x30\x82" + len(body).to_bytes(2) + body)


def _rsa(noise: Noise, size: int) -> str:
    body = _raw(noise, size or 96)
    return _armour("RSA PRIVATE KEY", b"\x30\x82" + len(body).to_bytes(2) + body)


def _openssh(noise: Noise, size: int) -> str:
    return _armour("OPENSSH PRIVATE KEY", b"openssh-key-v1\0" + _raw(noise, size or 96))


def _pgp(noise: Noise, size: int) -> str:
    body = _lines(_base64(b"\x95\x01" + _raw(noise, size or 96)))
    name = "PGP PRIVATE KEY BLOCK"
    return f"-----BEGIN {name}-----\nVersion: 1\n\n{body}\n=aBcD\n-----END {name}-----"


def _putty(noise: Noise, size: int) -> str:
    return (
        "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: key\nPublic-Lines: 1\n"
        f"{_base64(_raw(noise, 48))}\nPrivate-Lines: 1\n{_base64(_raw(noise, size or 36))}\n"
        f"Private-MAC: {noise('hex', 64)}"
    )


def _encoded(noise: Noise, size: int) -> str:
    return _base64(_pem(noise, size).encode())


def _encoded_certificate(noise: Noise, _: int) -> str:
    return _base64(_armour("CERTIFICATE", b"\x30\x82" + _raw(noise, 200)).encode())


def _bedrock(noise: Noise, _: int) -> str:
    return "ABSK" + _base64(f"BedrockAPIKey-a-at-{noise('digits', 12)}:".encode() + _raw(noise, 46))


def _reftkn(noise: Noise, _: int) -> str:
    return _base64(f"reftkn:01:{noise('digits', 10)}:{noise('alnum', 27)}".encode()).rstrip("=")


def _intercom(noise: Noise, _: int) -> str:
    return _base64(f"tok:{_uuid(noise, 0).replace('-', '_')}:1:0".encode())


MADE: Mapping[str, Maker] = {
    "uuid": _uuid,
    "jwt": _jwt,
    "basic": _basic,
    "bytes": lambda noise, size: _base64(_raw(noise, size)),
    "github": _github,
    "github_fine": _github_fine,
    "gitlab": _gitlab,
    "atlassian": lambda noise, _: _summed(f"ATATT3xFfGF0{noise('base64url', 171)}="),
    "bitbucket": lambda noise, _: _summed(f"ATBB{noise('alnum', 24)}"),
    "grafana": _grafana,
    "grafana_cloud": _grafana_cloud,
    "grafana_key": _grafana_key,
    "yandex": _yandex,
    "age": _age,
    "discord": _discord,
    "pypi": _pypi,
    "sentry": _sentry,
    "onepassword": _onepassword,
    "mapbox": _mapbox,
    "bedrock": _bedrock,
    "reftkn": _reftkn,
    "intercom": _intercom,
    "encoded_pem": _encoded,
    "encoded_certificate": _encoded_certificate,
    "pem": _pem,
    "rsa": _rsa,
    "openssh": _openssh,
    "pgp": _pgp,
    "putty": _putty,
}
