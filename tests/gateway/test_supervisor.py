import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from gateway import telemetry
from gateway.config import TelemetrySettings
from gateway.supervisor import supervise

PYTHON = [sys.executable, "-c"]
FOREVER = "import time; time.sleep(60)"


def noting(path: Path, after: str = FOREVER) -> list[str]:
    """Return a command that adds its process id to a file and goes on."""
    return [*PYTHON, f"import os; open({str(path)!r}, 'a').write(f'{{os.getpid()}}\\n'); {after}"]


def supervisor(*stages: list[list[str]]) -> subprocess.Popen[bytes]:
    code = (
        f"import sys; from gateway.supervisor import supervise; sys.exit(supervise({stages!r}, 5))"
    )
    return subprocess.Popen([*PYTHON, code])  # noqa: S603


def lines(path: Path, count: int) -> list[str]:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = path.read_text("utf-8").split() if path.exists() else []
        if len(found) >= count:
            return found
        time.sleep(0.05)
    raise TimeoutError(f"{path.name} has not got {count} lines")


def gone(pid: str) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.05)
    return False


def test_a_worker_that_died_is_replaced(tmp_path):
    notes = tmp_path / "notes"
    process = supervisor([noting(notes)])
    try:
        os.kill(int(lines(notes, 1)[0]), signal.SIGKILL)
        assert len(set(lines(notes, 2))) == 2
    finally:
        process.terminate()
        process.wait(20)


def test_sigterm_ends_everybody_and_the_code_is_zero(tmp_path):
    notes = tmp_path / "notes"
    process = supervisor([noting(notes), noting(notes)])
    pids = lines(notes, 2)
    process.terminate()
    assert process.wait(20) == 0
    assert [gone(pid) for pid in pids] == [True, True]


def test_workers_die_with_a_supervisor_that_is_killed(tmp_path):
    notes = tmp_path / "notes"
    process = supervisor([noting(notes)])
    pid = lines(notes, 1)[0]
    process.kill()
    process.wait(20)
    assert gone(pid)


def test_a_code_that_an_operator_must_act_on_ends_the_others_and_is_returned(tmp_path):
    assert supervise([[[*PYTHON, FOREVER], [*PYTHON, "import sys; sys.exit(4)"]]], 5) == 4


def test_a_later_stage_ends_after_the_one_before_it(tmp_path):
    notes = tmp_path / "notes"
    said = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: (time.sleep({wait}),"
        " open({path!r}, 'a').write('{name}\\n'), sys.exit(0))); open({ready!r}, 'a').write('x\\n');"
        " time.sleep(60)"
    )
    ready = tmp_path / "ready"
    workers, lander = (
        [*PYTHON, said.format(path=str(notes), ready=str(ready), name=name, wait=wait)]
        for name, wait in (("worker", 0.5), ("lander", 0))
    )
    process = supervisor([workers], [lander])
    lines(ready, 2)
    process.terminate()
    assert process.wait(20) == 0
    assert lines(notes, 2) == ["worker", "lander"]


def test_a_worker_that_only_an_operator_can_help_is_said_to_have_given_up():
    out = io.StringIO()
    telemetry.configure(TelemetrySettings(), out=out)
    try:
        code = supervise([[[sys.executable, "-c", "import sys; sys.exit(6)"]]], 5)
    finally:
        telemetry.shutdown()
    said = [json.loads(line) for line in out.getvalue().splitlines()]
    ends = [(line["event"], line["status"]) for line in said if "status" in line]
    assert (code, ends) == (6, [("worker_gave_up", 6)])
