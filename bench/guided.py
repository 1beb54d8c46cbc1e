"""Lets coverage choose what is thrown at the engine, where atheris is installed.

``python -m bench.guided --seconds T`` or ``--inputs N``. One input is an event of some texts. What
was found interesting is kept in the folder ``--out``, and an input that failed is written there,
too; ``--again FILE`` repeats it.
"""

import argparse
import os
import sys
from importlib.util import find_spec
from pathlib import Path

import orjson

FIELDS = ("text", "note", "phone", "id", "password", "national_id", "authorization", "iban")
LONGEST = 8192  # bytes of an input; what is longer shows in bench.fuzz
MISSING = "atheris is not installed: python -m bench.fuzz does without"


def main() -> None:
    """Run until the inputs or the time are used up; the process ends with libFuzzer's exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.guided", description=__doc__)
    parser.add_argument("--inputs", type=int, default=-1)
    parser.add_argument("--seconds", type=int, default=0)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, default=Path("build/fuzz"))
    parser.add_argument("--again", type=Path)
    chosen = parser.parse_args()
    if find_spec("atheris") is None:
        sys.exit(MISSING)
    options = [
        f"-runs={chosen.inputs}",
        f"-max_total_time={chosen.seconds}",
        f"-seed={chosen.seed}",
        f"-max_len={LONGEST}",
        f"-artifact_prefix={chosen.out}{os.sep}",
        "-print_final_stats=1",
        "-verbosity=0",
    ]
    fuzz(options, chosen.out / "inputs", chosen.again)


def fuzz(options: list[str], folder: Path, again: Path | None) -> None:
    """Hand over to libFuzzer, which ends the process. ``folder`` keeps the inputs."""
    import atheris  # noqa: PLC0415 - only where it is installed

    with atheris.instrument_imports(include=["detectors"]):  # what is imported here, first here
        from bench.engine import Scanner  # noqa: PLC0415
        from bench.fuzz import Judge  # noqa: PLC0415
        from bench.hostile import Hostile  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(Hostile().texts):
        (folder / str(number)).write_text(text, "utf-8")
    judge = Judge(Scanner())

    def one(data: bytes) -> None:
        judge([event(data)], "this input")

    atheris.Setup([sys.argv[0], *options, str(again or folder)], one)
    atheris.Fuzz()


def event(data: bytes) -> bytes:
    """Return bytes as an event: texts between separators, under names that mean something."""
    texts = data.decode("utf-8", "replace").split("\x1e")
    return orjson.dumps({f"{FIELDS[at % 8]}{at // 8}": one for at, one in enumerate(texts)})


if __name__ == "__main__":
    main()
