"""Memory over many events: through the engine alone, and through the whole path. It must stay flat.

``python -m bench.soak --events N --seed S --json``; exits with 1 where memory leaves ± 5 % of what
it is once all that is remembered is full: shapes, people, spellings, tokens. Until then
events are not counted: ``warm_events`` come before.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from bench.engine import Scanner
from bench.measure import INPUT, Case, arguments, resident_bytes, settings_with, tell
from gateway.app import Gateway
from gateway.stream import Batch, Line

ROOT = Path(__file__).parents[1]
EVENTS, BATCH, VIEWS = 2_000_000, 2000, 3
ENGINE_WARM, PATH_WARM = 0.3, 0.6  # events before those that are counted, for each of these
FLAT = 0.05
Values = Sequence[bytes]


def main() -> None:
    """Run, print, and exit with 1 where memory is not flat."""
    chosen = arguments("bench.soak", __doc__, EVENTS).parse_args()
    cases = run(chosen.events, chosen.seed)
    tell("soak", cases, as_json=chosen.json)
    if not all(map(is_flat, cases)):
        sys.exit("memory is not flat")


def run(events: int, seed: int) -> list[Case]:
    """Return the cases, both with the same events."""
    warm = int(events * ENGINE_WARM)
    cases = [Case("engine", engine(values(events + warm, seed), warm))]
    warm = int(events * PATH_WARM)
    return [*cases, Case(f"{VIEWS} views and audit", path(values(events + warm, seed), warm))]


def engine(batches: Iterable[Values], warm: int) -> dict[str, float]:
    """Return what memory does where events are decoded, walked and scanned."""
    return _watched(Scanner(), batches, warm)


def path(batches: Iterable[Values], warm: int) -> dict[str, float]:
    """Return what memory does where events go the whole path."""
    first = 0
    with (
        tempfile.TemporaryDirectory() as folder,
        Gateway(settings_with(Path(folder), VIEWS)) as gateway,
    ):
        process = gateway.pipelines[INPUT]

        def work(some: Values) -> None:
            nonlocal first
            lines = [Line(first + at, value) for at, value in enumerate(some)]
            process(Batch(INPUT, INPUT, 0, first, first + len(lines), lines))
            first += len(lines)

        return _watched(work, batches, warm)


def _watched(
    work: Callable[[Values], object], batches: Iterable[Values], warm: int
) -> dict[str, float]:
    done, memory = 0, []
    for batch in batches:
        work(batch)
        done += len(batch)
        if done >= warm:
            memory.append(resident_bytes())
    return {
        "events": done - warm,
        "warm_events": warm,
        "warm_megabytes": memory[0] / 1e6,
        "most_to_warm": max(memory) / memory[0],
        "least_to_warm": min(memory) / memory[0],
    }


def is_flat(case: Case) -> bool:
    """Say whether memory stayed what it was."""
    least, most = case.figures["least_to_warm"], case.figures["most_to_warm"]
    return least >= 1 - FLAT and most <= 1 + FLAT


def values(events: int, seed: int) -> Iterator[Values]:
    """Yield generated events batch by batch.

    Another process makes them, so that the people it remembers are not in this one's memory.
    """
    command = [
        sys.executable,
        "-m",
        "gateway.cli",
        "corpus",
        f"--events={events}",
        f"--seed={seed}",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as corpus:  # noqa: S603
        lines = corpus.stdout or ()
        while some := [line.rstrip() for line in islice(lines, BATCH)]:
            yield some


if __name__ == "__main__":
    main()
