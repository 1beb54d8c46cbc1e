"""What every bench shares: its input, the machine and commit it ran on, and how results are told."""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from gateway.config import Input, Settings, Transport
from gateway.corpus import encode, generate
from gateway.settings_file import builtin_policies
from gateway.tokens import make_keys
from schemas.access import Subscription

RESULTS = Path(__file__).parent / "results"
INPUT = "events"
READERS = (
    Subscription("sales", (INPUT,), "sales-app", "sales_rep", "crm"),
    Subscription("science", (INPUT,), "notebooks", "data_scientist", "analytics"),
    Subscription("training", (INPUT,), "trainer", "ml_training_svc", "ai_training"),
)
WIDE = 160  # characters of a table with a row for each case
LIBRARIES = ("aiokafka", "cramjam", "hyperscan", "orjson", "pyarrow", "numpy")


class Case(msgspec.Struct, frozen=True):
    """One measured case; the keys of ``figures`` name measure and unit."""

    name: str
    figures: dict[str, float]


def arguments(bench: str, about: str | None, events: int) -> argparse.ArgumentParser:
    """Return what the command line of every bench takes; ``events`` is the default."""
    parser = argparse.ArgumentParser(prog=f"python -m {bench}", description=about)
    parser.add_argument("--events", type=int, default=events)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    return parser


def corpus(seed: int, events: int) -> list[bytes]:
    """Return generated events of all five systems, in the default mix of about 370 bytes."""
    return [encode(sample) for sample in generate(seed, events)]


def settings_with(folder: Path, views: int, transport: Transport | None = None) -> Settings:
    """Return settings for one input, read by the first ``views`` readers, with keys made now."""
    key = folder / "bench.key"
    if not key.exists():
        make_keys("smiloai", key)
    return Settings(
        folder=folder,
        transport=transport or Transport(kind="files"),
        inputs=(Input(INPUT, "smiloai", topic=INPUT, path="events.jsonl"),),
        subscriptions=READERS[:views],
        policies={"smiloai": builtin_policies()["smiloai"]},
        keys={"smiloai": key},
    )


def resident_bytes() -> int:
    """Return how much memory of this process is in RAM."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def machine() -> dict[str, Any]:
    """Return what the figures depend on: the machine, the interpreter, the libraries, the commit."""
    root = Path(__file__).parents[1]
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    commit = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603
    return {
        "commit": commit.stdout.strip(),
        "cores": os.cpu_count(),
        "processor": _processor(),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "")


def tell(bench: str, cases: Sequence[Case], *, as_json: bool) -> None:
    """Print the cases of one bench: one JSON object, or a table for people."""
    if as_json:
        found = {"bench": bench, "machine": machine(), "cases": plain(cases)}
        sys.stdout.write(json.dumps(found) + "\n")
        return
    Console().print(table({bench: cases}))


def tell_rows(bench: str, cases: Sequence[Case], *, as_json: bool) -> None:
    """Print the cases of one bench that has many: one JSON object, or a row for each."""
    if as_json:
        tell(bench, cases, as_json=True)
        return
    Console(width=WIDE).print(*rows(bench, cases))


def plain(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Return cases as they stand in JSON."""
    return [
        {"name": case.name, **{name: round(value, 3) for name, value in case.figures.items()}}
        for case in cases
    ]


def table(found: Mapping[str, Sequence[Case]]) -> Table:
    """Return one table of several benches: their cases side by side, a line for each figure."""
    shown = Table(show_header=False)
    shown.add_column(no_wrap=True)
    for _ in range(max(len(cases) for cases in found.values())):
        shown.add_column(justify="right")
    for bench, cases in found.items():
        shown.add_row(bench, *(case.name for case in cases), style="bold", end_section=True)
        for name in dict.fromkeys(name for case in cases for name in case.figures):
            cells = [case.figures.get(name) for case in cases]
            line = ["" if cell is None else _figure(cell) for cell in cells]
            shown.add_row(name.replace("_", " "), *line)
        shown.add_section()
    return shown


def rows(bench: str, cases: Sequence[Case]) -> Iterator[Table]:
    """Yield tables of one bench, a row for each case: those that begin with the same figure."""
    for _, some in groupby(cases, lambda case: next(iter(case.figures))):
        alike = list(some)
        names = list(dict.fromkeys(name for case in alike for name in case.figures))
        shown = Table(bench, *(name.replace("_", " ") for name in names))
        for case in alike:
            cells = [case.figures.get(name) for name in names]
            shown.add_row(case.name, *("" if cell is None else _short(cell) for cell in cells))
        yield shown


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"  # noqa: PLR2004


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:,.2f}"  # noqa: PLR2004 - 3 digits count
