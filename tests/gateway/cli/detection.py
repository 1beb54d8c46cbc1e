"""Settings that say something of detection."""

from pathlib import Path

from click.testing import CliRunner

from gateway.cli import main


def with_detection(folder: Path, lines: str) -> str:
    """Write settings as ``init`` does, with some lines in their [detection]; return their path."""
    path = folder / "own.toml"
    assert CliRunner().invoke(main, ["init", str(path)]).exit_code == 0
    text = path.read_text("utf-8").replace("\n[limits]\n", "\n")
    path.write_text(text.replace("\n[detection]\n", f"\n[detection]\n{lines}\n"), "utf-8")
    return str(path)
