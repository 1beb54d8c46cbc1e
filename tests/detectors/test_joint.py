"""Numbers that are parts of runs, held against a loop that looks at each window."""

import re
from collections.abc import Iterator
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from detectors import phone
from detectors.confirm import begins, ends, scored
from detectors.groups import MOST
from detectors.joint import Joint, Run
from detectors.kinds import SIZES, Kinds
from detectors.overlap import Found
from detectors.rule import shipped

RULES = scored(shipped())
KINDS = Kinds([one for one in RULES if one.rule.candidate in ("digits", "phone")])
JOINT = Joint(KINDS)
AGAINST = 1 << len(RULES)
NEARS = [0, KINDS.dialled, AGAINST, *(one.mask for one in RULES if one.rule.candidate == "digits")]
PARTS = (
    *("0532", "532", "123", "45", "67", "1234", "90", "44", "0", "00", "0049", "(0)", "30", "7"),
    *(
        "4539",
        "1488",
        "0343",
        "6467",
        "1",
        "85",
        "08",
        "27",
        "572",
        "896",
        "21",
        "2026",
        "19",
        "01",
    ),
    *("10000000146", "900101300123", "078", "05", "1120", "212", "555", "0123", "20", "1999", "12"),
)
GAPS = (*"   -./", " -", "- ", ")", ") ", " (", "\u00a0")
TEXTS = st.lists(
    st.tuples(
        st.sampled_from(PARTS) | st.from_regex("[0-9]{1,5}", fullmatch=True), st.sampled_from(GAPS)
    ),
    min_size=2,
    max_size=14,
)
FRONTS, BEHIND = (
    st.sampled_from(["", "+", "(", "(+", "x", "1.", "12:", "A-"]),
    st.sampled_from("x ,"),
)


def run_of(parts: list[tuple[str, str]], front: str, behind: str, near: int) -> Run:
    body = "".join(map("".join, parts))[: -len(parts[-1][1])].strip("()")
    plus = len(front) - len(front.lstrip("x1.2:A-"))
    text = f"{front}{body}{behind}"
    return Run(7, text, plus, len(front) + len(body), re.findall("[0-9]+", body), near)


def windows(run: Run) -> Iterator[tuple[int, int, int, int]]:
    """Yield all that spaces take apart from the rest of a run: groups and characters."""
    places = [match.span() for match in re.compile("[0-9]+").finditer(run.text, run.start, run.end)]
    gaps = [run.text[one[1] : two[0]] for one, two in pairwise(places)]
    spaced = [any(map(str.isspace, gap)) for gap in gaps]
    apart = [begins(run.text, run.start), *spaced, ends(run.text, run.end)]
    for first in range(len(places)):
        for last in range(first + 1, min(first + MOST, len(places)) + 1):
            if apart[first] and apart[last] and last - first < len(places):
                yield first, last, places[first][0] if first else run.start, places[last - 1][1]


def slowly(run: Run) -> Iterator[Found]:
    for first, last, start, end in windows(run):
        some = run.groups[first:last]
        digits, text = "".join(some), run.text[start:end]
        if len(digits) not in SIZES:
            continue
        shape = KINDS.shaped(tuple(map(len, some)))
        sought = run.near & shape.mask or some[0].startswith(shape.begins) or not first
        if not sought:
            continue
        surest = shape.kind.surest(digits, run.near) if text[0] not in "+(" else None
        if surest is not None:
            yield surest[0].found(run.leaf, start, end, surest[1])
        bare = len(digits) == len(text) and not run.near & KINDS.dialled
        if not shape.dialled or (bare and not digits.startswith("00")):
            continue
        grade = phone.grade(text, some, digits)
        if grade >= 0 and not phone.goes_on(run.text, start):
            plain = digits[0] != "0" and text[0] != "(" and ")" not in text
            for one, confidence in KINDS.sure(grade, run.near, plain):
                yield one.found(run.leaf, start, end, confidence)


@given(st.lists(st.tuples(TEXTS, FRONTS, BEHIND, st.sampled_from(NEARS)), min_size=1, max_size=4))
@example(
    [
        (
            [("0090", " "), ("(0)", ""), ("532", " "), ("123", " "), ("4567", " "), ("1", " ")],
            "",
            " ",
            0,
        )
    ]
)
def test_what_is_found_in_bulk_is_what_a_loop_finds(some):
    runs = [run_of(*each) for each in some]
    found: list[Found] = []
    JOINT.find([run for run in runs if run.groups], found)

    assert sorted(found) == sorted(one for run in runs for one in slowly(run))


def test_the_parts_of_a_run_are_found_and_the_whole_is_not():
    found: list[Found] = []
    text = "4539 1488 0343 6467 0532 123 45 67"
    JOINT.find([Run(0, text, 0, len(text), text.split(), 0)], found)

    assert {(one.start, one.end) for one in found} >= {(0, 19), (20, 34)}
    assert (0, 34) not in {(one.start, one.end) for one in found}
