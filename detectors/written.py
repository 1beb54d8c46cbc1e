"""Finds fields that are written inside a text: ``{"full_name":"…"}``, ``full_name=…&x=1``, XML.

A rule that claims a field by its name claims it there too. What a structure inside a text says
else needs no finder of its own: its names are words beside its values.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from detectors.confirm import Scored
from detectors.database import CASELESS, Database
from detectors.hints import Hints
from detectors.joined import Joined
from detectors.leaves import Leaves
from detectors.overlap import Found
from detectors.words import SeenWords

REMEMBERED = 4096  # names of fields
_LONGEST_NAME = 64  # characters
# In quotes behind a colon; or behind an equals sign up to what separates the pairs of a query; or all
# of an element.
_VALUE = re.compile(
    r"""(?<=:) {0,4}"((?:[^"\\]|\\.){1,256})"|(?<==)"?([^&;"'<>\r\n]{1,256})"""
    r"""|(?<=>)([^<>\r\n]{1,256})(?=</)"""
)
# Backwards, from where it ends.
_NAME = re.compile(r"""[:=] ?["']?([\w.\-]{1,64})|>([\w.\-]{1,64})[<:]""")


class Written(Database):
    """The rules that claim a whole field by its name, where the field is written in a text."""

    __slots__ = ("_claims", "_rules")

    def __init__(self, rules: Sequence[Scored]) -> None:
        hints = sorted({hint for one in rules for hint in one.rule.hints if hint.isascii()})
        super().__init__([(_head(hint), CASELESS) for hint in hints])
        whole = Hints([one.rule for one in rules]).whole
        self._claims = lru_cache(REMEMBERED)(lambda name: whole([name]))
        self._rules = rules

    def find(self, joined: Joined, leaves: Leaves, words: SeenWords, found: list[Found]) -> None:  # noqa: ARG002  # every finder is asked in one way
        """Append what is found in the batch."""
        _, ends = self.see(joined.data)
        if not ends:
            return
        where, reached = -1, 0
        for leaf, end in sorted(set(zip(*joined.locate(ends), strict=True))):
            if leaf == where and end <= reached:  # inside of a value, or seen by another hint
                continue
            text = leaves.texts[leaf]
            name = _NAME.match(text[max(0, end - _LONGEST_NAME - 3) : end][::-1])
            value = _VALUE.match(text, end)
            where, reached = leaf, end if value is None else value.end()
            number = -1 if name is None else self._claims(name[name.lastindex or 0][::-1])
            if number >= 0 and value is not None:
                one, (start, stop) = self._rules[number], value.span(value.lastindex or 0)
                if one.field(text[start:stop]):
                    found.append(one.found(leaf, start, stop, one.confidence))


def _head(hint: str) -> str:
    return re.sub("_", r"[_\\-. ]?", hint) + r"""(?:["']? ?[:=]|>)"""
