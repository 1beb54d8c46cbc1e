"""The benches run, small, and what they print and keep has the promised keys."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bench.__main__ import keep, reported
from bench.measure import Case

ROOT = Path(__file__).parents[2]
THROUGHPUT = {"events_per_second", "megabytes_per_second", "cpu_us_per_event"}
STAGES = {f"{stage}_us_per_event" for stage in ("decode", "scan", "decide", "render", "record")}
DELAYS = {"paced_events_per_second", "p50_ms_to_visible", "p99_ms_to_visible"}


def output_of(module: str, *options: str) -> Any:
    """Run a bench as a program and return the only thing that it prints."""
    command = [sys.executable, "-m", module, "--json", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def figures_of(cases: list[dict[str, Any]]) -> dict[str, set[str]]:
    return {case["name"]: case.keys() - {"name"} for case in cases}


def test_the_pipeline_bench_prints_one_object_with_its_cases():
    found = output_of("bench.pipeline", "--events", "3000", "--seed", "1")

    assert found["bench"] == "pipeline"
    assert found["machine"].keys() >= {"commit", "cores", "processor", "python"}
    path = THROUGHPUT | STAGES | {"bytes_per_event", "ratio_to_parsing"}
    assert figures_of(found["cases"]) == {
        "orjson.loads alone": THROUGHPUT | {"bytes_per_event"},
        "1 view and audit": path,
        "3 views and audit": path,
    }


@pytest.mark.kafka
def test_all_benches_run_and_are_kept_with_commit_and_machine(tmp_path):
    found = output_of("bench", "--events", "4000", "--results", str(tmp_path))

    kept = [json.loads(path.read_text("utf-8")) for path in tmp_path.iterdir()]
    assert kept == [found]
    cases = {each["bench"]: figures_of(each["cases"]) for each in found["benches"]}
    assert list(cases) == ["pipeline", "scan", "quality", "kafka"]
    copied = THROUGHPUT | {"ratio_to_plain_copy"}
    assert cases["kafka"] == {
        "copy, send per record": copied,
        "copy, send_batch": copied,
        "gateway, 1 view and audit": copied | DELAYS,
        "gateway, 3 views and audit": copied | DELAYS,
    }
    figures = [
        value
        for each in found["benches"]
        if each["bench"] in ("pipeline", "kafka")
        for case in each["cases"]
        for key, value in case.items()
        if key != "name"
    ]
    assert min(figures) > 0


def test_a_result_is_named_by_its_day_and_commit(tmp_path):
    report = reported({"pipeline": [Case("idle", {})]}, datetime(2026, 11, 24, tzinfo=UTC))

    path = keep(report, tmp_path)

    assert path.name == f"2026-11-24-{report['machine']['commit']}.json"
