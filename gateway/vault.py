"""The identity vault: who is behind which random reference, as keyed hashes only.

A person is known by several identifiers (CRM id, e-mail, phone), each stored as an HMAC index. All
of them are aliases of one random 128-bit reference, the only thing that the audit trail holds.
"""

import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path

from gateway.errors import VaultError

Subject = tuple[tuple[str, bytes], ...]  # (kind, HMAC index), strongest first

REF_BYTES = 16
CACHED = 262_144  # identifiers remembered in memory: about 40 MB
BUSY_SECONDS = 10.0
FORMAT = 1
_APPLICATION = 0x536C7561
_ASKED_AT_ONCE = 500
_RETRY_SECONDS = 0.02

_TABLE = """
CREATE TABLE IF NOT EXISTS alias (
  tenant TEXT NOT NULL,
  identifier BLOB NOT NULL,
  kind TEXT NOT NULL,
  ref BLOB NOT NULL,
  PRIMARY KEY (tenant, identifier)
) WITHOUT ROWID
"""


class Vault:
    """One process's hold on the vault file, which several processes share.

    Not safe for two threads at once, but any thread may use it: a worker opens it in its main
    thread and calls it from the one thread that processes batches. Do not carry it over a fork.
    """

    def __init__(
        self, db: sqlite3.Connection, where: str, random_bytes: Callable[[int], bytes], cached: int
    ) -> None:
        self._db = db
        self._where = where
        self._random = random_bytes
        self._cached = cached
        self._memories: dict[str, _Memory] = {}

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
        busy_seconds: float = BUSY_SECONDS,
        cached: int = CACHED,
    ) -> "Vault":
        """Open a vault, made where there is none (only its owner may read it); ``:memory:`` too.

        Raises VaultError where the file cannot be used or is not a vault.
        """
        where = str(path)
        with _reported(where):
            if where != ":memory:":
                os.close(os.open(where, os.O_RDWR | os.O_CREAT, 0o600))
            db = sqlite3.connect(
                where, timeout=busy_seconds, isolation_level=None, check_same_thread=False
            )
        try:
            with _reported(where):
                _prepare(db, where, busy_seconds)
        except VaultError:
            db.close()
            raise
        return cls(db, where, random_bytes, cached)

    def resolve(self, tenant: str, subjects: Sequence[Subject]) -> list[bytes]:
        """Return the reference of each subject; whoever is new gets one.

        The first identifier that is already known decides; the others that are unknown become
        aliases of its reference. An alias never changes, so the same subject later gets the same
        reference, whatever came between. Durable when it returns; a batch in which nothing is new
        neither writes nor locks. Raises VaultError when it cannot be durable (nothing is stored
        then), ValueError for a subject without identifiers: it would be another one each time.
        """
        memory = self._memory(tenant)
        young, find = memory.young.get, memory.find
        refs: list[bytes] = []
        for subject in subjects:
            ref = None
            for _, identifier in subject:
                known = young(identifier) or find(identifier)
                if known is None:
                    return self._resolve(tenant, subjects)
                ref = ref or known
            if ref is None:
                raise ValueError("a subject needs at least one identifier")
            refs.append(ref)
        return refs

    def lookup(self, tenant: str, identifier: bytes) -> bytes | None:
        """Return the reference behind an HMAC index, or None where nobody is known by it."""
        memory = self._memory(tenant)
        if memory.find(identifier) is None:
            with _reported(self._where):
                memory.learn(_stored(self._db, tenant, [identifier]))
        return memory.find(identifier)

    def count(self) -> int:
        """Return how many people the vault knows: references, not identifiers."""
        with _reported(self._where):
            row = self._db.execute("SELECT count(DISTINCT ref) FROM alias").fetchone()
        return int(row[0])

    def close(self) -> None:
        """Close the file. What ``resolve`` returned is already durable."""
        self._db.close()

    def _memory(self, tenant: str) -> "_Memory":
        memory = self._memories.get(tenant)
        if memory is None:
            memory = self._memories[tenant] = _Memory(self._cached)
        return memory

    def _resolve(self, tenant: str, subjects: Sequence[Subject]) -> list[bytes]:
        """Resolve a batch of which the memory does not know everybody."""
        if not all(subjects):
            raise ValueError("a subject needs at least one identifier")
        memory = self._memory(tenant)
        asked = dict.fromkeys(identifier for subject in subjects for _, identifier in subject)
        known = {each: ref for each in asked if (ref := memory.find(each)) is not None}
        with _reported(self._where):
            version = _number(self._db, "data_version")  # changes with others' commits only
            known |= _stored(self._db, tenant, [each for each in asked if each not in known])
            missing = [each for each in asked if each not in known]
            if missing:
                with _writing(self._db):
                    # Another process may have been first; nobody can be from here on.
                    if _number(self._db, "data_version") != version:
                        known |= _stored(self._db, tenant, missing)
                    new = _assign(subjects, known, self._random)
                    rows = ((tenant, *row) for row in new)
                    self._db.executemany("INSERT INTO alias VALUES (?, ?, ?, ?)", rows)
        memory.learn(known)
        return [known[subject[0][1]] for subject in subjects]


def _assign(
    subjects: Sequence[Subject], known: dict[bytes, bytes], random_bytes: Callable[[int], bytes]
) -> list[tuple[bytes, str, bytes]]:
    """Make every identifier known, in the order of the subjects; return the new aliases."""
    new = []
    for subject in subjects:
        found = next((known[each] for _, each in subject if each in known), None)
        ref = found or random_bytes(REF_BYTES)
        for kind, identifier in subject:
            if identifier not in known:
                known[identifier] = ref
                new.append((identifier, kind, ref))
    return new


class _Memory:
    """Identifiers of one tenant that were seen lately: the young, and the old that may go."""

    def __init__(self, bound: int) -> None:
        self._half = max(1, bound // 2)
        self.young: dict[bytes, bytes] = {}
        self._old: dict[bytes, bytes] = {}

    def find(self, identifier: bytes) -> bytes | None:
        ref = self.young.get(identifier)
        if ref is None:
            ref = self._old.get(identifier)
            if ref is not None:
                self.learn({identifier: ref})
        return ref

    def learn(self, known: dict[bytes, bytes]) -> None:
        self.young.update(known)
        if len(self.young) > self._half:
            self._old = self.young
            self.young = {}


def _stored(
    db: sqlite3.Connection, tenant: str, identifiers: Sequence[bytes]
) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    rest = iter(identifiers)
    while some := list(islice(rest, _ASKED_AT_ONCE)):
        marks = ",".join("?" * len(some))
        query = f"SELECT identifier, ref FROM alias WHERE tenant = ? AND identifier IN ({marks})"  # noqa: S608 - only marks
        found.update(db.execute(query, (tenant, *some)))
    return found


def _prepare(db: sqlite3.Connection, where: str, busy_seconds: float) -> None:
    _use_wal(db, busy_seconds)
    db.execute("PRAGMA synchronous = FULL")
    if _number(db, "application_id") == _APPLICATION and _number(db, "user_version") == FORMAT:
        return
    with _writing(db):
        application, version = _number(db, "application_id"), _number(db, "user_version")
        tables = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if tables and (application, version) != (_APPLICATION, FORMAT):
            raise VaultError(
                f"{where} is not an identity vault of format {FORMAT}: it holds other tables."
                " [vault] path must name a vault or a file that does not exist yet"
            )
        db.execute(_TABLE)
        db.execute(f"PRAGMA application_id = {_APPLICATION}")
        db.execute(f"PRAGMA user_version = {FORMAT}")


def _use_wal(db: sqlite3.Connection, busy_seconds: float) -> None:
    """Switch to the write-ahead log. SQLite does not wait for this lock by itself."""
    until = time.monotonic() + busy_seconds
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() >= until:
                raise
            time.sleep(_RETRY_SECONDS)
        else:
            return


def _number(db: sqlite3.Connection, pragma: str) -> int:
    return int(db.execute(f"PRAGMA {pragma}").fetchone()[0])


@contextmanager
def _writing(db: sqlite3.Connection) -> Iterator[None]:
    """Hold the one write transaction: all of it is durable at the end, or nothing of it."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        raise


@contextmanager
def _reported(where: str) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise VaultError(f"identity vault {where}: {reason or type(error).__name__}") from error
