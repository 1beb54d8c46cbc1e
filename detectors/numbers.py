"""Classifies runs of digits: a telephone number, or by length, prefix and checksum whose number.

One pattern sees that a leaf has a run of digits at all; a table of the rules by length does the
rest. That beats a pattern for each kind of number by far.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

from detectors import phone
from detectors.confirm import Scored, edges
from detectors.database import Database
from detectors.joined import Joined
from detectors.joint import Joint, Run
from detectors.kinds import NO_SHAPE, SIZES, Kinds
from detectors.leaves import Leaves
from detectors.overlap import Found
from detectors.words import SeenWords

# What may stand between digits: a space, dash, dot, slash or bracket, and the spaces and dashes
# beyond ASCII.
_BETWEEN = " .\\-()/\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u2010-\u2015\u2212"
_RUN = re.compile(f"[0-9](?:[{_BETWEEN}]{{0,2}}+[0-9]){{7,}}+")
# Sees that a leaf has eight digits with little between them, which stand for themselves: a time
# stamp goes on with a T. What they are the run decides. In bytes, anything of the characters above.
_HEAD = r"[^0-9A-Za-z_][0-9](?:[ .\-()/\x80-\xbf\xc2\xe1-\xe3]*[0-9]){7,}[^0-9A-Za-z_]"
_GROUP = re.compile("[0-9]+")
_SPACE = re.compile(r"\s")
_QUAD, _LONGEST_QUAD = 3, 15  # dots and characters of a network's address, or of a version


class Numbers(Database):
    """The rules for numbers, by the length of what they confirm."""

    __slots__ = ("_joint", "_kinds")

    def __init__(self, rules: Sequence[Scored]) -> None:
        super().__init__([(_HEAD, 0)])
        self._kinds = Kinds(rules)
        self._joint = Joint(self._kinds)

    def find(self, joined: Joined, leaves: Leaves, words: SeenWords, found: list[Found]) -> None:
        """Append what is found in the batch. Digits of an account in ``found`` are nothing else."""
        _, seen = self.see(joined.data)
        if not seen:
            return
        texts, support = leaves.texts, leaves.support
        accounts: dict[int, list[Found]] = {}
        for account in found:
            accounts.setdefault(account.leaf, []).append(account)
        joint: list[Run] = []
        for leaf in joined.leaves(seen):
            for run in _runs(leaf, texts[leaf], support(leaf), words, accounts.get(leaf)):
                if not self._whole(run, found) and _is_joint(run):
                    joint.append(run)  # noqa: PERF401  # what is found so far is told first
        if joint:
            self._joint.find(joint, found)

    def _whole(self, run: Run, found: list[Found]) -> bool:
        """Append what a whole run is; say whether it is anything."""
        leaf, text, start, end, some, near = run
        if len(some) == 1:
            digits = some[0]
            shape = self._kinds.bare.get(len(digits), NO_SHAPE)
            alone = len(digits) == end - start  # without a plus: mostly nothing
            if alone and not (near & shape.mask or digits.startswith(shape.begins)):
                return False
        else:
            digits = "".join(some)
            shape = self._kinds.shaped(tuple(map(len, some)))
        if not edges(text, start, end):
            return False
        before = len(found)
        if (shape.kind.alone or near & shape.kind.mask) and text[start] not in "+(":
            surest = shape.kind.surest(digits, near)
            if surest is not None:
                found.append(surest[0].found(leaf, start, end, surest[1]))
        if shape.dialled:
            self._dial(run, digits, found)
        return len(found) > before

    def _dial(self, run: Run, digits: str, found: list[Found]) -> None:
        """Append a whole run, if it can be dialled."""
        leaf, text, start, end, some, near = run
        # Bare digits are a telephone number only where something says so.
        if len(digits) == end - start and not near & self._kinds.dialled and digits[:2] != "00":
            return
        number = text[start:end]
        grade = phone.grade(number, some, digits)
        if grade < phone.FORMATTED and len(some) > 1:
            grade = max(grade, phone.elsewhere(number, some))
        if grade >= 0 and not phone.goes_on(text, start):
            plain = digits[0] != "0" and number[0] != "(" and ")" not in number
            for one, confidence in self._kinds.sure(grade, near, plain):
                found.append(one.found(leaf, start, end, confidence))


def _runs(
    leaf: int, text: str, support: int, words: SeenWords, accounts: Sequence[Found] | None
) -> Iterator[Run]:
    """Yield the runs of digits of a text that are not of an account, a network or a version."""
    known = _Known(accounts) if accounts else None
    for match in _RUN.finditer(text):
        start, end = match.span()
        if known is None or not known.holds(end):
            begin, some = _read(text, start, match[0])
            if some:
                yield Run(leaf, text, begin, end, some, support | words.near(leaf, start, end))


def _is_joint(run: Run) -> bool:
    """Say whether a space takes a run apart into what has digits enough."""
    if len(run.groups) == 1:
        return False
    sizes = [*map(len, run.groups)]
    enough = sum(sizes) - min(sizes[0], sizes[-1]) >= SIZES[0]
    return enough and _SPACE.search(run.text, run.start, run.end) is not None


class _Known:
    """The accounts of one text."""

    __slots__ = ("_reaches", "_starts")

    def __init__(self, accounts: Sequence[Found]) -> None:
        places = sorted((one.start, one.end) for one in accounts)
        self._starts = [start for start, _ in places]
        self._reaches = [*accumulate((end for _, end in places), max)]

    def holds(self, end: int) -> bool:
        """Say whether one of them holds the character in front of a place."""
        before = bisect_left(self._starts, end)
        return before > 0 and self._reaches[before - 1] >= end


def _read(text: str, start: int, number: str) -> tuple[int, list[str]]:
    """Return where a run begins, and its groups: none of an address of the network, or a version."""
    if start and text[start - 1] in "+(":
        start = _lead(text, start, number)
    elif "." in number and _is_quad(number):
        return start, []
    return start, [number] if number.isdigit() else _GROUP.findall(number)


def _is_quad(number: str) -> bool:
    # A version may go on behind a hyphen; in a national number one stands between the dots.
    return (
        number.count(".") == _QUAD
        and len(number) <= _LONGEST_QUAD
        and "-" not in number[: number.rfind(".")]
    )


def _lead(text: str, start: int, run: str) -> int:
    """Return where a number begins that has a plus or a bracket in front of its first digit."""
    if text[start - 1] == "+":
        start -= 1
        if not start or text[start - 1] != "(":
            return start
    return start - 1 if ")" in run else start  # a bracket around the whole is none of the number
