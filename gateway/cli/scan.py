"""The command that finds personal data in JSON lines and says where it stands, not what it is."""

import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import click
import msgspec
import orjson

from detectors.leaves import Leaves
from detectors.overlap import Found
from detectors.proof import COUNTS_FROM
from detectors.scanner import Engine
from detectors.walk import Shapes
from gateway.cli.output import add_row, counted, emit, new_table, plain_console
from gateway.cli.settings import detection_option, read_settings
from gateway.config import Limits
from gateway.detection import open_engine
from gateway.exact import reread
from schemas.access import Reason
from schemas.audit import BY_CONTRACT, BY_KNOWN_VALUE, BY_MODEL
from schemas.category import categories
from schemas.event import contracts

BATCH_LINES = 1000
HIDDEN_NAME = "~key"  # stands in a path for a field's name with personal data in it
_TOO_DEEP = "depth limit exceeded"


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was found in one place. The value is there only where it was asked for."""

    line: int
    path: str
    start: int
    end: int
    entity: str
    category: str
    confidence: float
    rule: str
    value: str = ""


@click.command("scan")
@click.argument("file", type=click.File("rb"))
@click.option("--summary", is_flag=True, help="A table of counts instead of the findings.")
@click.option("--show-values", is_flag=True, help="Print what was found, too: personal data.")
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=COUNTS_FROM,
    show_default=True,
    help="Leave out what is less sure.",
)
@detection_option
def scan(
    file: BinaryIO,
    *,
    summary: bool,
    show_values: bool,
    min_confidence: float,
    settings_path: Path | None,
) -> None:
    """Find personal data in the JSON lines of FILE, or of standard input where it is -.

    One JSON object a finding: line from 0, path as a JSON pointer, start and end in characters.
    A field's name with personal data in it is ~key in the path. What is no JSON object, or says
    more than could be examined, is named on standard error by its line and a reason; the exit code
    is 1 then.
    """
    reader = _reader(settings_path, min_confidence)
    counts: Counter[tuple[str, str]] = Counter()
    for finding in reader.read(file):
        counts[finding.entity, finding.category] += 1
        if not summary:
            shown = finding if show_values else msgspec.structs.replace(finding, value="")
            emit(shown)
    if summary:
        _print_counts(counts, reader.lines)
    if reader.refused:
        sys.exit(1)


def _reader(settings_path: Path | None, min_confidence: float) -> "_Reader":
    if settings_path is None:
        return _Reader(Engine(), Limits(), min_confidence)
    settings = read_settings(settings_path)
    return _Reader(open_engine(settings), settings.limits, min_confidence)


class _Reader:
    """Scans lines batch by batch, and counts those it read and those it could not, or not whole."""

    def __init__(self, engine: Engine, limits: Limits, min_confidence: float) -> None:
        self._engine = engine
        self._shapes = Shapes(contracts(), engine.hints)
        self._limits = limits
        self._least = min_confidence
        self.lines = 0
        self.refused = 0

    def read(self, lines: Iterable[bytes]) -> Iterator[Finding]:
        """Yield the findings of all lines, those of a line in the order of its fields."""
        lines = iter(lines)
        while batch := list(islice(lines, BATCH_LINES)):
            leaves, numbers = Leaves(), []
            for line in batch:
                reason = self._walk(line, leaves)
                if reason is None:
                    numbers.append(self.lines)
                    leaves.starts.append(len(leaves.texts))
                else:
                    self._refuse(self.lines, reason)
                self.lines += 1
            yield from self._scan(leaves, numbers)

    def _walk(self, line: bytes, leaves: Leaves) -> Reason | None:
        body = _parse(line)
        if isinstance(body, Reason):
            return body
        kind = body.get("type")
        root = self._shapes.root(kind if isinstance(kind, str) else "")
        fits = self._shapes.walk(body, root, leaves, self._limits.depth)
        exactly = reread(line, leaves)
        if exactly is not None:
            leaves.drop()
            fits = self._shapes.walk(exactly, root, leaves, self._limits.depth)
        if not fits:
            leaves.drop()
            return Reason.TOO_DEEP
        return None

    def _scan(self, leaves: Leaves, numbers: Sequence[int]) -> Iterator[Finding]:
        found = self._engine.scan(leaves)
        for event in sorted(set(leaves.events(leaves.unread))):
            self._refuse(numbers[event], Reason.NOT_EXAMINED)
        unclean = {one.leaf for one in found.spans}
        self._shapes.settle(leaves, unclean)
        paths = _Paths(leaves, unclean.union(leaves.unread))
        # The declared field goes where a rule says of all of it, more closely, what it is.
        closer = {(one.leaf, one.start, one.end, one.bit) for one in found.spans}
        fields = [
            one for one in found.fields if (one.leaf, one.start, one.end, one.bit) not in closer
        ]
        for one in sorted((*fields, *found.spans)):
            if one.confidence >= self._least:
                yield Finding(
                    line=numbers[bisect_right(leaves.starts, one.leaf) - 1],
                    path=paths.of(one.leaf),
                    start=one.start,
                    end=one.end,
                    entity=self._engine.entities[one.rule],
                    category=categories()[one.bit].code,
                    confidence=round(one.confidence, 2),
                    rule=self._rule(one),
                    value=leaves.texts[one.leaf][one.start : one.end],
                )

    def _refuse(self, line: int, reason: Reason) -> None:
        click.echo(f"sluicegate: line {line}: {reason}", err=True)
        self.refused += 1

    def _rule(self, one: Found) -> str:
        if one.detected_by == BY_CONTRACT:
            return "contract"
        if one.detected_by == BY_KNOWN_VALUE:
            return "known_value"
        if one.detected_by == BY_MODEL:
            return "model"
        return self._engine.rules[one.rule].name


class _Paths:
    """JSON pointers of a batch's leaves, without the names that something was found in."""

    def __init__(self, leaves: Leaves, unclean: Iterable[int]) -> None:
        self._leaves = leaves
        self._hidden = {
            (leaves.holder(leaf), leaves.key(leaf))
            for leaf in unclean
            if leaves.nodes[leaf].is_name
        }

    def of(self, leaf: int) -> str:
        """Return the pointer of a leaf; the name of a field is where the field is."""
        return "".join(f"/{self._part(*step)}" for step in self._leaves.way(leaf))

    def _part(self, holder: int, key: Any) -> str:
        if (holder, key) in self._hidden:
            return HIDDEN_NAME
        return str(key).replace("~", "~0").replace("/", "~1")


def _parse(line: bytes) -> dict[str, Any] | Reason:
    try:
        body = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        if error.msg.startswith(_TOO_DEEP):
            return Reason.TOO_DEEP
        try:
            line.decode()
        except UnicodeDecodeError:
            return Reason.INVALID_UTF8
        return Reason.NOT_JSON
    return body if isinstance(body, dict) else Reason.NOT_AN_OBJECT


def _print_counts(counts: Counter[tuple[str, str]], lines: int) -> None:
    table = new_table("", "entity", "category", "#findings")
    for (entity, category), count in sorted(counts.items()):
        add_row(table, entity, category, f"{count:,}")
    console = plain_console()
    console.print(table)
    console.print(f"{counted(counts.total(), 'finding')} in {counted(lines, 'line')}")
