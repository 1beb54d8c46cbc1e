"""Files as a transport: JSON lines in, a folder for each view, quarantine and the lake out.

The trail is written before the views, and its segments are the offset store: a run that was ended
at any instant goes on where the last segment ends, after it has written what that segment's views
lack. What a batch becomes depends on its lines and the settings alone, so writing it again writes
the same. A reader who is new since then gets nothing of it: the trail says that nobody showed it.
"""

import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import msgspec
import orjson

from gateway.config import Input, Settings, view_name
from gateway.errors import SettingsError, TrailError
from gateway.stream import Batch, Line, Out, Outcome, Process
from gateway.tokens import load_keys
from gateway.trail import HOT, publish, read_tail, readers_of

QUARANTINE = "quarantine"  # a folder beside the views
_SUFFIX = ".jsonl"

Progress = Callable[[str, int], None]  # the input, and how many of its lines are done


class Done(msgspec.Struct, frozen=True):
    """What a run did with one input: the line it went on from, and the line after its last.

    ``held`` of the lines went to quarantine.
    """

    first: int
    next: int
    held: int = 0


def run_files(
    settings: Settings,
    processes: Mapping[str, Process],
    *,
    stopped: Callable[[], bool] = lambda: False,
    progress: Progress = lambda _name, _lines: None,
) -> dict[str, Done]:
    """Process every input to its end, or until ``stopped``; return what was done with each.

    What a batch becomes is durable before the next batch is read. Raises SettingsError, before
    anything is read, for inputs that are not there, and TrailError for a trail that does not fit
    the input or an emptied store.
    """
    ensure_inputs(settings)
    return {
        source.name: _Run(settings, source, processes[source.name]).run(stopped, progress)
        for source in settings.inputs
    }


def ensure_inputs(settings: Settings) -> None:
    """Return if every input is a file. Raises SettingsError with those that are not."""
    missing = [
        f"[[input]] {source.name!r} path: {source.path!r} is not a file"
        for source in settings.inputs
        if not settings.at(source.path).is_file()
    ]
    if missing:
        raise SettingsError("inputs", missing)


class _Shown(msgspec.Struct, frozen=True):
    """The last batch of an input whose views are whole, and what to know its lines by.

    A keyed digest: who reads a view knows nearly all of a line, and could try what is left of it.
    """

    first: int
    hmac_sha256: str


class Folders:
    """Where the outcomes of one input go: its views and quarantine below ``out``, and the trail."""

    def __init__(self, settings: Settings, name: str) -> None:
        out = settings.at(settings.transport.out)
        self.trail = settings.at(settings.lake.path) / HOT
        self.views = {
            each.name: out / view_name(name, each.name)
            for each in settings.subscriptions
            if name in each.inputs
        }
        self.quarantine = out / QUARANTINE
        self._shown = out / f".{name}.shown"
        (tenant,) = {each.tenant for each in settings.inputs if each.name == name}
        self._keyring = load_keys(settings.keys[tenant], tenant)

    def commit(self, lane: str, batch: Batch, outcome: Outcome) -> None:
        """Write what a batch became, the trail first. Durable when it returns.

        Raises FencedError, with nothing written, where the trail has the range already.
        """
        self.land(lane, batch, outcome, begins=batch.first == 0)
        self.show(batch, outcome)

    def land(self, lane: str, batch: Batch, outcome: Outcome, *, begins: bool = True) -> None:
        """Publish the audit rows of a batch. Raises as ``trail.publish`` does."""
        streams = [each.stream for each in outcome.audits]
        publish(self.trail, lane, batch.first, batch.next, streams, begins=begins)

    def show(self, batch: Batch, outcome: Outcome, readers: Collection[str] | None = None) -> None:
        """Write the views and the quarantine of a batch, each file whole or not at all.

        ``readers`` are those who have rows of it in the trail; without other word, all.
        """
        self.hold(batch, outcome)
        for name, folder in self.views.items():
            if readers is None or name in readers:
                lines = [out.value for out in outcome.views[name] if out.value is not None]
                _write(folder / _file_name(batch.first), lines)
        _write(self._shown, [msgspec.json.encode(_Shown(batch.first, self._digest(batch)))])

    def hold(self, batch: Batch, outcome: Outcome) -> None:
        """Write what of a batch goes to quarantine; no file where nothing does."""
        if outcome.quarantine:
            lines = [orjson.dumps(_plain(out)) for out in outcome.quarantine]
            _write(self.quarantine / f"{batch.topic}+{_file_name(batch.first)}", lines)

    def is_shown(self, batch: Batch, readers: Collection[str]) -> bool:
        """Say whether all that a batch became is written. Raises TrailError for other lines."""
        whole = False
        if self._shown.exists():
            last = msgspec.json.decode(self._shown.read_bytes(), type=_Shown)
            whole = last.first == batch.first
            if whole and last.hmac_sha256 != self._digest(batch):
                raise TrailError(
                    f"the lines of {batch.topic!r} from {batch.first} up to {batch.next} are not"
                    " those that the trail ends with: it is another file. Give it an input of its"
                    " own, or move lake and views away to begin anew."
                )
        names = [name for name in self.views if name in readers]
        return whole and all(
            (self.views[name] / _file_name(batch.first)).exists() for name in names
        )

    def _digest(self, batch: Batch) -> str:
        return self._keyring.digest(b"\n".join(one.value or b"" for one in batch.records)).hex()

    def hold_anything(self) -> bool:
        """Say whether a view has any file."""
        return any(any(folder.glob(f"*{_SUFFIX}")) for folder in self.views.values())


class _Run:
    """One input on its way from the first line to the last."""

    def __init__(self, settings: Settings, source: Input, process: Process) -> None:
        self._path = settings.at(source.path)
        self._name = source.name
        self._lines = settings.transport.batch_lines
        self._folders = Folders(settings, source.name)
        self._process = process

    def run(self, stopped: Callable[[], bool], progress: Progress) -> Done:
        tail = read_tail(self._folders.trail, self._name)
        if tail is None and self._folders.hold_anything():
            raise TrailError(
                f"emptied store: input {self._name!r} has views, but {self._folders.trail} holds no"
                " trail of them. Bring the segments back, or move the views away to begin anew."
            )
        with self._path.open("rb") as file:
            at = first = held = 0
            if tail is not None:
                at = _skip(file, tail.first)
                at += self._repair(file, tail.first, tail.next_offset)
                first = tail.next_offset
                if at != first:
                    raise TrailError(
                        f"the trail of input {self._name!r} ends at line {first}, but {self._path}"
                        f" has {at} lines: it is another file, or was cut"
                    )
            for batch in self._batches(file, first):
                outcome = self._process(batch)
                self._folders.commit(self._name, batch, outcome)
                at, held = batch.next, held + len(outcome.quarantine)
                progress(self._name, at)
                if stopped():
                    break
        return Done(first, at, held)

    def _repair(self, file: BinaryIO, first: int, stop: int) -> int:
        """Step over the last segment's lines, and write its views where the last run could not."""
        lines = list(islice(file, stop - first))
        if len(lines) == stop - first:
            batch = batch_of(self._name, first, lines)
            readers = readers_of(self._folders.trail, self._name, first)
            if not self._folders.is_shown(batch, readers):
                self._folders.show(batch, self._process(batch), readers)
        return len(lines)

    def _batches(self, file: BinaryIO, first: int) -> Iterator[Batch]:
        while lines := list(islice(file, self._lines)):
            yield batch_of(self._name, first, lines)
            first += len(lines)


def batch_of(name: str, first: int, lines: Sequence[bytes]) -> Batch:
    """Return lines as a batch: offsets are their numbers, an empty line is no record."""
    records = [
        Line(first + number, value)
        for number, line in enumerate(lines)
        if (value := line.rstrip(b"\r\n"))
    ]
    return Batch(name, name, 0, first, first + len(lines), records)


def read_quarantine(folder: Path) -> Iterator[Out]:
    """Yield what quarantine holds, by input and line; nothing where nothing was ever held."""
    for path in sorted(folder.glob(f"*+*{_SUFFIX}")):
        with path.open("rb") as file:
            yield from map(_held, file)


def _plain(out: Out) -> dict[str, object]:
    return {
        "offset": out.offset,
        "timestamp": out.timestamp,
        "key": _text(out.key),
        "value": _text(out.value),
        "headers": [[name, _text(value)] for name, value in out.headers],
    }


def _held(line: bytes) -> Out:
    found = orjson.loads(line)
    headers = [(name, b64decode(value)) for name, value in found["headers"]]
    key, value = (None if found[n] is None else b64decode(found[n]) for n in ("key", "value"))
    return Out(found["offset"], found["timestamp"], key, value, headers)


def _text(value: bytes | None) -> str | None:
    return None if value is None else b64encode(value).decode()


def _skip(file: BinaryIO, lines: int) -> int:
    return sum(1 for _ in islice(file, lines))


def _file_name(first: int) -> str:
    return f"{first:020d}{_SUFFIX}"


def _write(path: Path, lines: Sequence[bytes]) -> None:
    """Write lines aside, then give the file its name: it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")  # of this writer alone
    try:
        with aside.open("xb") as file:
            file.writelines(line + b"\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
