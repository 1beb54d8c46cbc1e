"""All benches, as tables: ``python -m bench --events N --seed S --json``.

The result is kept as JSON, with commit and machine, below ``--results``.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from bench import kafka, pipeline, quality, scan
from bench.measure import RESULTS, WIDE, Case, arguments, machine, plain, rows, table
from gateway import telemetry


def main() -> None:
    """Run every bench; keep and print what was found."""
    parser = arguments("bench", __doc__, kafka.EVENTS)
    parser.add_argument("--results", type=Path, default=RESULTS)
    chosen = parser.parse_args()
    found = {
        "pipeline": pipeline.run(chosen.events, chosen.seed),
        "scan": scan.run(min(chosen.events, scan.EVENTS), chosen.seed),
        "quality": quality.run(min(chosen.events, quality.EVENTS), chosen.seed),
    }
    telemetry.quiet_libraries()
    found["kafka"] = kafka.run(chosen.events, chosen.seed)
    report = reported(found, datetime.now(UTC))
    path = keep(report, chosen.results)
    if chosen.json:
        sys.stdout.write(json.dumps(report) + "\n")
        return
    Console().print(table({name: found[name] for name in ("pipeline", "kafka")}))
    for name in ("scan", "quality"):
        Console(width=WIDE).print(*rows(name, found[name]))
    Console(stderr=True).print(f"kept in {path}")


def reported(found: Mapping[str, Sequence[Case]], now: datetime) -> dict[str, Any]:
    """Return what was found with all that it depends on."""
    benches = [{"bench": bench, "cases": plain(cases)} for bench, cases in found.items()]
    return {"time": now.isoformat(timespec="seconds"), "machine": machine(), "benches": benches}


def keep(report: Mapping[str, Any], folder: Path) -> Path:
    """Write a report into a folder, named by its day and commit; a later one replaces it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{report['time'][:10]}-{report['machine']['commit']}.json"
    aside = path.with_suffix(".tmp")
    aside.write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    return aside.replace(path)


if __name__ == "__main__":
    main()
