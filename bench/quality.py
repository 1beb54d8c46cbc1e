"""How much of what the corpus plants is found, and how much else is; the same through Presidio.

``python -m bench.quality --events N --seed S --json``

Recall, precision and F2 of each entity that is planted: with the contracts of the events, and by
content alone. Findings count from the confidence that policies start with. Presidio sees some of
the same events, leaf by leaf with the field's name as context; all that it reports counts. Clean events are the
corpus's own without anybody in them; decoys are numbers and codes of any kind (``bench.decoys``).
``--misses N`` shows what was missed and what was found wrongly, N of each sort.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from bench import rivals
from bench.decoys import decoys
from bench.engine import Scanner
from bench.labelled import KNOWABLE, Quality, Seen, Tally, seen
from bench.measure import Case, arguments, tell_rows
from detectors.overlap import Found
from detectors.proof import COUNTS_FROM
from gateway.corpus import Sample, encode, generate
from schemas.audit import BY_RULE
from schemas.event import UNKNOWN

EVENTS, BATCH = 20_000, 1000
PRESIDIO = "Presidio"
# What Presidio reports beside personal data: it is there, and it is no mistake.
HARMLESS = frozenset(["URL", "DATE_TIME", "UUID"])


def main() -> None:
    """Measure, and print what was found."""
    parser = arguments("bench.quality", __doc__, EVENTS)
    parser.add_argument("--misses", type=int, default=0)
    chosen = parser.parse_args()
    runs = measured(chosen.events, chosen.seed)
    if not rivals.installed():
        print(rivals.MISSING, file=sys.stderr)
    show(runs, chosen.misses)
    tell_rows("quality", cases(runs), as_json=chosen.json)


def run(events: int, seed: int) -> list[Case]:
    """Return the cases. All of them see the same events."""
    return cases(measured(events, seed))


def measured(events: int, seed: int) -> dict[str, Quality]:
    """Return what is found in events with people in them, and in clean ones."""
    with_contracts, without = Scanner(), Scanner({})
    runs = {
        "contract": measure(with_contracts, generate(seed, events)),
        "content": measure(without, generate(seed, events)),
        "clean, contract": measure(with_contracts, generate(seed, events, clean=True)),
        "clean, content": measure(without, generate(seed, events, clean=True)),
        "decoys, content": measure(without, decoys(seed, events)),
    }
    if rivals.installed():
        some = min(events, rivals.PRESIDIO_CONTEXT.events)
        clean = list(generate(seed, some, clean=True))
        runs[PRESIDIO] = presidio(list(generate(seed, some)))
        runs[f"clean, {PRESIDIO}"] = presidio(clean)
        runs[f"clean, {PRESIDIO} from {COUNTS_FROM}"] = presidio(clean, COUNTS_FROM)
        runs[f"decoys, {PRESIDIO} from {COUNTS_FROM}"] = presidio(
            list(decoys(seed, some)), COUNTS_FROM
        )
    return runs


def measure(scanner: Scanner, samples: Iterator[Sample]) -> Quality:
    """Scan samples and compare what counts in them with what was planted."""
    quality = Quality()
    bits = {rule.entity: rule.bit for rule in scanner.engine.rules}
    while batch := list(islice(samples, BATCH)):
        found = seen(scanner.engine.entities, scanner([encode(sample) for sample in batch]))
        for sample, some in zip(batch, found, strict=True):
            quality.compare(sample, some, bits)
            quality.remember(sample, some, bits, scanner.kinds.get(sample.event["type"], UNKNOWN))
    return quality


def presidio(samples: list[Sample], counts_from: float = 0.0) -> Quality:
    """Return what Presidio finds in the leaves of samples. It calls things as we do."""
    leaves = [(at, *leaf) for at, one in enumerate(samples) for leaf in _leaves(one.event, "", "")]
    found: list[list[Seen]] = [[] for _ in samples]
    answers = rivals.findings(rivals.PRESIDIO_CONTEXT, [leaf[2:] for leaf in leaves])
    for (at, path, *_), answer in zip(leaves, answers, strict=True):
        found[at] += [
            Seen(path, entity, Found(0, start, end, -1, -1, score, BY_RULE))
            for start, end, entity, score in answer
            if entity not in HARMLESS and score >= counts_from
        ]
    quality = Quality()
    for sample, some in zip(samples, found, strict=True):
        quality.compare(sample, some, {})
    return quality


def _leaves(value: Any, path: str, key: str) -> Iterator[tuple[str, str, str]]:
    """Yield the leaves of an event: where each stands, the field's name, and its text."""
    if isinstance(value, dict):
        for name, child in value.items():
            yield from _leaves(child, f"{path}/{name}", name)
    elif isinstance(value, list):
        for place, child in enumerate(value):
            yield from _leaves(child, f"{path}/{place}", key)
    elif value is not None and not isinstance(value, bool):
        yield path, key, str(value)


def cases(runs: Mapping[str, Quality]) -> list[Case]:
    """Return a case for each entity that is planted, then for known values, then for each run."""
    planted = sorted(name for name, tally in runs["contract"].entities.items() if tally.planted)
    found = [Case(entity, _entity(runs, entity)) for entity in planted]
    for name in KNOWABLE:
        tally = runs["contract"].known[name]
        figures = {"planted": float(tally.planted), "recall": tally.recall}
        found.append(Case(f"known {name}", figures))
    return found + [Case(f"events, {name}", _run(quality)) for name, quality in runs.items()]


def _entity(runs: Mapping[str, Quality], entity: str) -> dict[str, float]:
    contract, content = runs["contract"].entities[entity], runs["content"].entities[entity]
    figures = {
        "planted": contract.planted,
        "recall": contract.recall,
        "precision": contract.precision,
        "f2": contract.f2,
        "recall_by_content": content.recall,
        "precision_by_content": content.precision,
    }
    other = runs[PRESIDIO].entities[entity] if PRESIDIO in runs else Tally()
    if other.reported:
        figures["recall_presidio"] = other.recall
        figures["precision_presidio"] = other.precision
        figures["f2_presidio"] = other.f2
    return figures


def _run(quality: Quality) -> dict[str, float]:
    return {
        "events": quality.events,
        "false_per_1000_events": 1000 * quality.false / quality.events,
        "overlapping_per_1000_events": 1000 * quality.overlaps / quality.events,
    }


def show(runs: Mapping[str, Quality], most: int) -> None:
    """Print misses and false findings to standard error, so many of each sort."""
    for name, quality in runs.items():
        times: Counter[tuple[str, str]] = Counter()
        for miss in quality.misses:
            times[miss.sort, miss.entity] += 1
            if times[miss.sort, miss.entity] <= most:
                print(name, *miss[:-1], repr(miss.text), sep=" | ", file=sys.stderr)


if __name__ == "__main__":
    main()
