"""What detection costs: by number of rules, by stage, by kind of event, and beside other engines.

``python -m bench.scan --events N --seed S --json``

Every figure is of CPU time, best of several rounds; each engine runs in one process of its own.
Ours decodes, walks, scans and confirms. Others get the same events, as one text (``whole``) or
leaf by leaf (``leaves``), and slow ones get fewer: ``events`` says how many. ``ours_to_this`` is
how many times our events a second are theirs. ``of_bare_hyperscan`` is the share that our scan
stage (join, scan, collect) reaches of Hyperscan alone on the same buffers and databases.
"""

import gc
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bench import rivals
from bench.engine import Scanner, recording, records
from bench.measure import Case, arguments, tell_rows
from detectors.rule import Rule, shipped
from gateway.corpus import encode, generate
from gateway.pipeline import uncollected
from gateway.stream import Line

EVENTS, BATCH, ROUNDS = 40_000, 2000, 3
SIZES = (8, 20, 60)
OURS = "all rules"
# Whose rules come first where not all are taken: what the corpus has most of.
FIRST = (
    *("EMAIL_ADDRESS", "PHONE_NUMBER", "IP_ADDRESS", "CREDIT_CARD", "IBAN_CODE", "US_SSN"),
    *("TR_NATIONAL_ID", "JWT", "PERSON", "STREET_ADDRESS", "DATE_OF_BIRTH", "MAC_ADDRESS"),
    *("KZ_IIN", "IL_ID", "AE_EMIRATES_ID", "TR_VKN", "PASSWORD", "BEARER_TOKEN"),
    *("URL_CREDENTIALS", "AWS_ACCESS_KEY"),
)
Batches = list[list[Line]]


def main() -> None:
    """Measure every case and print what was found."""
    chosen = arguments("bench.scan", __doc__, EVENTS).parse_args()
    if not rivals.installed():
        print(rivals.MISSING, file=sys.stderr)
    tell_rows("scan", run(chosen.events, chosen.seed), as_json=chosen.json)


def run(events: int, seed: int) -> list[Case]:
    """Return the cases. All of them see the same events."""
    samples = list(generate(seed, events))
    values = [encode(sample) for sample in samples]
    batches = _batches(values)
    cases = []
    for name, rules in _choices():
        cases.append(Case(name, stages(Scanner(rules=rules), batches)))
    kinds: dict[str, list[bytes]] = defaultdict(list)
    for sample, value in zip(samples, values, strict=True):
        kinds[sample.event["type"]].append(value)
    whole = Scanner()
    cases += [Case(kind, end_to_end(whole, _batches(kinds[kind]))) for kind in sorted(kinds)]
    ours = next(case.figures["events_per_second"] for case in cases if case.name == OURS)
    return cases + list(_others(values, ours))


def _choices() -> Iterator[tuple[str, Sequence[Rule]]]:
    """Yield growing sets of rules; the last one is all."""
    places = {entity: place for place, entity in enumerate(FIRST)}
    rules = sorted(shipped(), key=lambda rule: places.get(rule.entity, len(places)))
    for size in SIZES:
        if size < len(rules):
            yield f"{size} rules", rules[:size]
    yield OURS, shipped()


def end_to_end(scanner: Scanner, batches: Batches) -> dict[str, float]:
    """Return what decode, walk, scan and confirm cost together."""

    def work(batch: list[Line]) -> int:
        findings = scanner.scan(scanner.walk(batch))
        return len(findings.fields) + len(findings.spans)

    found = sum(work(batch) for batch in batches)
    return {
        **_figures(batches, _best(work, batches)),
        "findings_per_event": found / _count(batches),
    }


def stages(scanner: Scanner, batches: Batches) -> dict[str, float]:
    """Return what a set of rules costs, end to end and by stage."""
    figures = end_to_end(scanner, batches)
    walked = [scanner.walk(batch) for batch in batches]
    with recording() as calls:
        for leaves in walked:
            scanner.scan(leaves)
    whole = _best(scanner.scan, walked)
    join, see, bare = (_best(_again, [work]) for work in (calls.join, calls.see, calls.bare))
    seconds = {
        "decode_walk": _best(scanner.walk, batches),
        "join": join,
        "hyperscan": see,
        "confirm": whole - join - see,
        "bare_hyperscan": bare,
    }
    for stage, used in seconds.items():
        figures[f"{stage}_us_per_event"] = used * 1e6 / _count(batches)
    figures["of_bare_hyperscan"] = bare / (join + see)
    return {"rules": len(scanner.engine.rules), **figures}


def _again(work: Callable[[], object]) -> None:
    work()


def _others(values: Sequence[bytes], ours: float) -> Iterator[Case]:
    """Yield what the other engines need, as far as they are installed."""
    for rival in rivals.RIVALS:
        if rival.way != "re" and not rivals.installed():
            continue
        for feed in ("whole", "leaves"):
            found = rivals.timed(rival, feed, values)
            speed = found["events"] / found["cpu_seconds"]
            yield Case(
                f"{rival.name}, {feed}",
                {
                    "events": found["events"],
                    "events_per_second": speed,
                    "megabytes_per_second": found["bytes"] / found["cpu_seconds"] / 1e6,
                    "cpu_us_per_event": 1e6 / speed,
                    "findings_per_event": found["found"] / found["events"],
                    "ours_to_this": ours / speed,
                },
            )


def _batches(values: Sequence[bytes]) -> Batches:
    return [records(values[first : first + BATCH]) for first in range(0, len(values), BATCH)]


def _count(batches: Batches) -> int:
    return sum(map(len, batches))


def _best(work: Callable[[Any], object], batches: Sequence[Any]) -> float:
    """Return the CPU seconds that work on all batches takes: those of the best of some rounds."""
    gc.collect()
    with uncollected():  # as in the pipeline
        return min(_seconds(work, batches) for _ in range(ROUNDS))


def _seconds(work: Callable[[Any], object], batches: Sequence[Any]) -> float:
    began = time.process_time()
    for batch in batches:
        work(batch)
    return time.process_time() - began


def _figures(batches: Batches, seconds: float) -> dict[str, float]:
    size = sum(len(line.value or b"") for batch in batches for line in batch)
    count = _count(batches)
    return {
        "events": count,
        "events_per_second": count / seconds,
        "megabytes_per_second": size / seconds / 1e6,
        "cpu_us_per_event": seconds * 1e6 / count,
    }


if __name__ == "__main__":
    main()
