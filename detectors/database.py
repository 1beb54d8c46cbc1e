"""A Hyperscan database of some patterns, and the one way in which it is asked."""

from collections.abc import Sequence
from functools import partial
from importlib.metadata import version

import hyperscan

from detectors.kept import keep, kept, key_of

CASELESS: int = hyperscan.HS_FLAG_CASELESS
ONCE: int = hyperscan.HS_FLAG_SINGLEMATCH  # a pattern is seen once, at one of its ends
UTF8: int = hyperscan.HS_FLAG_UTF8  # a class holds characters, and case is that of Unicode


class Database:
    """Some patterns compiled together. Reports ends only: a start would cost ten times the scan."""

    __slots__ = ("_database", "_scratch")

    def __init__(self, patterns: Sequence[tuple[str, int]]) -> None:
        key = key_of(patterns, version("hyperscan"))
        content = kept(key)
        database = None if content is None else _load(content)
        if database is None:
            database = _compile(patterns)
            keep(key, partial(hyperscan.dumpb, database))
        self._database = database
        self._scratch = hyperscan.Scratch(database)

    def see(self, data: bytes) -> tuple[list[int], list[int]]:
        """Return the patterns that matched and where each match ends, in the order of the ends."""
        seen: list[int] = []
        ends: list[int] = []
        add_pattern, add_end = seen.append, ends.append

        def on_match(pattern: int, _start: int, end: int, _flags: int, _context: object) -> None:
            add_pattern(pattern)
            add_end(end)

        self._database.scan(data, match_event_handler=on_match, scratch=self._scratch)
        return seen, ends


def _compile(patterns: Sequence[tuple[str, int]]) -> hyperscan.Database:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[pattern.encode() for pattern, _ in patterns],
        ids=list(range(len(patterns))),
        elements=len(patterns),
        flags=[hyperscan.HS_FLAG_DOTALL | flags for _, flags in patterns],
    )
    return database


def _load(content: bytes) -> hyperscan.Database | None:
    try:
        return hyperscan.loadb(content, hyperscan.HS_MODE_BLOCK)
    except hyperscan.HyperscanError:  # of another processor, or of another version
        return None
