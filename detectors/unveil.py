"""Reads what a text says where it says it in disguise: encoded, escaped, spoken, in other letters.

``Veils`` asks in bulk which leaves may hide something: mostly none. ``unveil`` reads such a leaf
step by step, again and again while there is something to read, and gives the plain readings; what
is found in them is mapped back by ``detectors.plain.span``.
"""

from collections.abc import Callable, Sequence
from string import digits
from typing import NamedTuple

from detectors.database import CASELESS, UTF8, Database
from detectors.encoded import BASE64, base64
from detectors.escaped import FORM, HTML, JSON, PERCENT, QUOTED, form, html, json, percent, quoted
from detectors.folded import COMPOSE, FOLD, LOOK, compose, fold, look
from detectors.joined import Joined
from detectors.plain import Plain, Readings
from detectors.spelled import SPELLED, spelled
from detectors.spoken import SAID, Speech, said

DEPTH = 3  # encodings around each other that are read
MOST = 16  # readings of one text
# So many characters are read of a text that is no longer than LONG, and of those so many digits, by
# which numbers can be found; of a longer one, as many times more.
LONG, MOST_READ, MOST_DIGITS = 65_536, 8 * 65_536, 98_304
Read = Callable[[str], Readings | None]  # None: it says more than is read


class Step(NamedTuple):
    """One way of reading, and the patterns of what it reads.

    ``beside``: the text may as well be meant as it stands, so that both are read on. ``decodes``: it
    takes an encoding off, behind which there may be another.
    """

    read: Read
    patterns: Sequence[str]
    flags: int = 0
    beside: bool = False
    decodes: bool = False


# In this order: what is decoded may need to be folded, and folded words are understood.
STEPS = (
    Step(form, FORM, beside=True),
    Step(quoted, QUOTED, decodes=True),
    Step(percent, PERCENT, decodes=True),
    Step(html, HTML, decodes=True),
    Step(json, JSON, decodes=True),
    Step(base64, BASE64, decodes=True),
    Step(compose, COMPOSE, UTF8),
    Step(fold, FOLD, UTF8),
    Step(look, LOOK, UTF8),
    Step(said, SAID, UTF8 | CASELESS),
    Step(spelled, SPELLED, UTF8 | CASELESS),
)


class Unveiled(NamedTuple):
    """The plain readings of a text, and whether they are all: False means something stays hidden."""

    plains: Sequence[Plain]
    whole: bool = True


def unveil(text: str, steps: Sequence[Step] = STEPS) -> Unveiled:
    """Return what a text says in disguise: no reading where it says nothing so.

    Never raises, whatever the text. The work grows with the text's length and no faster; what is
    encoded more than ``DEPTH`` times, or read in more than ``MOST`` ways, is not examined whole; nor
    is what its readings make much longer.
    """
    known = {text, ""}
    plains: list[Plain] = []
    fresh = [Plain(text)]
    silent: dict[tuple[Read, str], bool] = {}
    for _ in range(DEPTH):
        read = fresh
        fresh = []
        for plain in read:
            for new in _pass(plain, steps, silent):
                if new.text == plain.text and plain.origins:
                    plains.append(plain)
                elif new.text not in known:
                    known.add(new.text)
                    fresh.append(new)
        if len(plains) + len(fresh) > MOST:
            return Unveiled([*plains, *fresh][:MOST], whole=False)
        if _is_much([*plains, *fresh], len(text)):
            return Unveiled((), whole=False)
    hidden = any(step.decodes and step.read(plain.text) for plain in fresh for step in steps)
    return Unveiled(plains + fresh, not hidden and all(silent.values()))


def _is_much(plains: Sequence[Plain], size: int) -> bool:
    """Say whether readings of a text of some size are more than is looked into."""
    longer = max(LONG, size) / LONG
    read = sum(len(plain.text) for plain in plains)
    if read <= MOST_DIGITS:
        return False
    return read > MOST_READ * longer or _digits(plains) > MOST_DIGITS * longer


def _digits(plains: Sequence[Plain]) -> int:
    return sum(plain.text.count(digit) for plain in plains for digit in digits)


def _pass(plain: Plain, steps: Sequence[Step], silent: dict[tuple[Read, str], bool]) -> list[Plain]:
    """Return the readings that all steps, one after the other, make of one.

    ``silent`` remembers to which steps a text says nothing: True, or more than is read.
    """
    plains = [plain]
    for step in steps:
        read: list[Plain] = []
        for one in plains:
            readings = () if (step.read, one.text) in silent else step.read(one.text)
            if not readings:
                silent[step.read, one.text] = readings is not None
                readings = ()
            if step.beside or not readings:
                read.append(one)
            read += map(one.then, readings)
        plains = read
    return plains


class Veils:
    """What tells that a text may hide something, compiled, and reads it."""

    __slots__ = ("_databases", "_steps")

    def __init__(self, steps: Sequence[Step] = STEPS) -> None:
        # What base64 looks like has no fixed character, and would slow down what has.
        apart = {pattern: step.flags for step in steps for pattern in step.patterns}
        slow = {pattern: apart.pop(pattern) for pattern in BASE64 if pattern in apart}
        self._databases = [Database([*group.items()]) for group in (apart, slow) if group]
        speech = Speech()
        self._steps = [step._replace(read=speech) if step.read is said else step for step in steps]

    def unveil(self, text: str) -> Unveiled:
        """Return what a text says in disguise."""
        return unveil(text, self._steps)

    def suspects(self, joined: Joined) -> list[int]:
        """Return the leaves of a batch that may hide something, in order."""
        ends = [end for database in self._databases for end in database.see(joined.data)[1]]
        return joined.leaves(ends) if ends else []
