"""A tenant's keys, and everything that is done with them: tokens, pseudonyms, indexes, seals.

One key file a tenant holds one secret of 32 bytes. From it HKDF-SHA-256 derives a key for each
use, so that none of the uses says anything about another.
"""

import base64
import binascii
import hmac
import os
import re
import secrets
import tomllib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gateway.errors import KeyFileError, SealError
from gateway.identifier import canonical
from schemas.category import by_code

FORMAT = 1
SECRET_BYTES = 32
_SIV_BYTES, _MAC_BYTES, _GCM_BYTES, _ID_BYTES = 64, 32, 32, 4
_NONCE_BYTES, _TAG_BYTES = 12, 16
PSEUDONYM_BYTES = 16
REMEMBERED, REMEMBERED_LENGTH = 65_536, 128  # answers a kind, and the longest text among them

_ANY = "surrogatepass"  # a command line can hold half of a character; it is a value like any other

_TENANT = re.compile(r"[a-z0-9][a-z0-9._-]*")
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_STANDARD = str.maketrans("-_", "+/")
_codes = "|".join(sorted(by_code(), key=len, reverse=True))
_TOKEN = re.compile(rf"tok_({_codes})_([0-9A-Za-z_-]+)")


class Keyring:
    """The keys of one tenant. Its repr hides them.

    Recent answers are remembered, a bounded number of short ones: people recur.
    """

    def __init__(self, tenant: str, secret: bytes) -> None:
        if len(secret) != SECRET_BYTES:
            raise ValueError(f"a secret has {SECRET_BYTES} bytes")
        self.tenant = tenant
        self.id = _derived(secret, tenant, "id", _ID_BYTES).hex()
        self._about = tenant.encode()
        self._siv = AESSIV(_derived(secret, tenant, "token", _SIV_BYTES))
        self._pseudonym_key = _derived(secret, tenant, "pseudonym", _MAC_BYTES)
        self._index_key = _derived(secret, tenant, "index", _MAC_BYTES)
        self._digest_key = _derived(secret, tenant, "digest", _MAC_BYTES)
        self._gcm = AESGCM(_derived(secret, tenant, "quarantine", _GCM_BYTES))
        self._tokens = lru_cache(REMEMBERED)(self._token)
        self._pseudonyms = lru_cache(REMEMBERED)(self._pseudonym)
        self._indexes = lru_cache(REMEMBERED)(self._index)

    def __repr__(self) -> str:
        """Name the tenant and the key, never the key itself."""
        return f"Keyring(tenant={self.tenant!r}, id={self.id!r})"

    def token(self, code: str, text: str) -> str:
        """Return the token of a value: ``tok_<code>_…``, equal for equal values, reversible.

        AES-SIV (RFC 5297) with tenant and category as associated data. The length of the token
        tells the length of the value.
        """
        return (self._tokens if len(text) <= REMEMBERED_LENGTH else self._token)(code, text)

    def detokenize(self, token: str) -> tuple[str, str]:
        """Return the category code and the value of a token.

        Raises SealError for what is no token, was altered, or is another tenant's.
        """
        if token.startswith("psd_"):
            raise SealError("this is a pseudonym, which nobody can turn back")
        match = _TOKEN.fullmatch(token)
        sealed = _decoded(match[2]) if match else None
        if match is None or sealed is None:
            raise SealError("this is no token; a token reads tok_<category>_<letters and digits>")
        try:
            plain = self._siv.decrypt(sealed, [self._about, match[1].encode()])
        except InvalidTag:
            problem = f"the token was altered, or it was not made with key {self.id}"
            raise SealError(f"{problem} of tenant {self.tenant}") from None
        return match[1], plain.decode(errors=_ANY)

    def pseudonym(self, code: str, text: str, *, exact: bool = False) -> str:
        """Return the pseudonym of a value: ``psd_<code>_…``, one way, equal for equal values.

        HMAC-SHA-256, cut to 128 bits, over the canonical form: two spellings of one e-mail address
        share their pseudonym. With ``exact`` they do not, as keys of a compacted topic need it; a
        value in canonical form has the same pseudonym either way.
        """
        if len(text) <= REMEMBERED_LENGTH:
            return self._pseudonyms(code, text, exact)
        return self._pseudonym(code, text, exact)

    def index(self, kind: str, value: str, country: str = "") -> bytes:
        """Return the keyed hash under which the vault knows an identifier; 32 bytes."""
        known = self._indexes if len(value) <= REMEMBERED_LENGTH else self._index
        return known(kind, value, country)

    def _index(self, kind: str, value: str, country: str) -> bytes:
        data = f"{kind}\x00{canonical(kind, value, country)}".encode(errors=_ANY)
        return hmac.digest(self._index_key, data, "sha256")

    def digest(self, data: bytes) -> bytes:
        """Return a keyed hash of content: equal for equal content, and no guess can be tried."""
        return hmac.digest(self._digest_key, data, "sha256")

    def seal(self, data: bytes, about: bytes) -> bytes:
        """Return content encrypted (AES-GCM, random nonce) and bound to what it is ``about``."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._gcm.encrypt(nonce, data, about)

    def open(self, sealed: bytes, about: bytes) -> bytes:
        """Return sealed content. Raises SealError where it, ``about`` or the key is another."""
        try:
            return self._gcm.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], about)
        except (InvalidTag, ValueError):
            problem = f"was altered, or it was not sealed with key {self.id}"
            raise SealError(f"the content {problem} of tenant {self.tenant}") from None

    def _token(self, code: str, text: str) -> str:
        sealed = self._siv.encrypt(text.encode(errors=_ANY), [self._about, code.encode()])
        return f"tok_{code}_{_encoded(sealed)}"

    def _pseudonym(self, code: str, text: str, exact: bool) -> str:  # noqa: FBT001  # lru_cache
        form = canonical(code, text)
        # The other byte keeps it apart from every canonical form.
        data = f"{code}\x01{text}" if exact and form != text else f"{code}\x00{form}"
        digest = hmac.digest(self._pseudonym_key, data.encode(errors=_ANY), "sha256")
        return f"psd_{code}_{_encoded(digest[:PSEUDONYM_BYTES])}"


class _KeyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: int
    tenant: str
    id: str
    secret: str

    def __repr__(self) -> str:
        return f"_KeyFile(tenant={self.tenant!r})"


def load_keys(path: Path, tenant: str = "") -> Keyring:
    """Return the keys of a key file; where ``tenant`` is given, it must be this tenant's.

    Raises KeyFileError.
    """
    found = _parsed(path, _read(path))
    if found.format != FORMAT:
        raise _refused(path, f"has format {found.format}; this version reads {FORMAT}")
    if tenant and found.tenant != tenant:
        raise _refused(path, f"is the key of tenant {found.tenant!r}, not of {tenant!r}")
    secret = _decoded(found.secret) or b""
    if len(secret) != SECRET_BYTES:
        raise _refused(path, f"its secret has {len(secret)} bytes and must have {SECRET_BYTES}")
    keyring = Keyring(found.tenant, secret)
    if keyring.id != found.id:
        raise _refused(path, "its secret, tenant or id was changed; restore the file from its copy")
    return keyring


def make_keys(
    tenant: str, path: Path, random_bytes: Callable[[int], bytes] = secrets.token_bytes
) -> Keyring:
    """Make a tenant's key file, and its folder, for their owner only; return the keys.

    Raises KeyFileError where the file exists: what an overwritten key made is lost.
    """
    if not _TENANT.fullmatch(tenant):
        problem = f"{tenant!r} cannot be a tenant's name: small letters, digits, dot, _ and -"
        raise _refused(path, problem)
    secret = random_bytes(SECRET_BYTES)
    keyring = Keyring(tenant, secret)
    text = (
        f"# The key of tenant {tenant}. Whoever has it can read tokens and quarantined records;\n"
        "# without it they stay closed for ever. Keep a copy away from the lake.\n"
        f"format = {FORMAT}\n"
        f'tenant = "{tenant}"\n'
        f'id = "{keyring.id}"\n'
        f'secret = "{_encoded(secret)}"\n'
    )
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        place = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        there = "is there already; a key is never overwritten"
        problem = there if path.exists() else f"cannot be written ({error.strerror})"
        raise _refused(path, problem) from None
    with os.fdopen(place, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(place)
    return keyring


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if mode & 0o077:
                problem = f"others may read or write it (mode {mode & 0o777:04o})"
                raise _refused(path, f"{problem}; it must be its owner's alone: chmod 600 {path}")
            return file.read()
    except FileNotFoundError:
        problem = "no such key file; `sluicegate keys new <tenant>` makes one, [keys] names it"
        raise _refused(path, problem) from None
    except OSError as error:
        raise _refused(path, f"cannot be read ({error.strerror})") from None


def _parsed(path: Path, data: bytes) -> _KeyFile:
    try:
        return msgspec.convert(tomllib.loads(data.decode()), _KeyFile)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        problem = "it is not TOML"  # the parser's own words may quote the secret
    except msgspec.ValidationError as error:
        problem = str(error)
    raise _refused(path, f"not a key file: {problem}; `sluicegate keys new` makes one") from None


def _refused(path: Path, problem: str) -> KeyFileError:
    return KeyFileError(str(path), [problem])


def _derived(secret: bytes, tenant: str, use: str, size: int) -> bytes:
    info = f"sluicegate/{FORMAT}/{use}/{tenant}".encode()
    return HKDF(algorithm=SHA256(), length=size, salt=None, info=info).derive(secret)


def _encoded(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).translate(_URL_SAFE, b"=").decode()


def _decoded(text: str) -> bytes | None:
    """Return what base64url text stands for; None unless it is written in the one right way."""
    try:
        data = base64.b64decode(text.translate(_STANDARD) + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        return None
    return data if _encoded(data) == text else None
