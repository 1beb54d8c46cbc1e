import json
from pathlib import Path

from click.testing import CliRunner, Result

from gateway.cli.corpus import corpus
from gateway.corpus import encode, generate


def run(*arguments: str) -> Result:
    return CliRunner().invoke(corpus, arguments)


def lines(count: int, **choices: object) -> list[bytes]:
    return [encode(sample) for sample in generate(5, count, **choices)]  # type: ignore[arg-type]


def test_events_go_to_standard_output() -> None:
    result = run("--events", "20", "--seed", "5")

    assert (result.exit_code, result.stdout_bytes.splitlines()) == (0, lines(20))


def test_events_and_labels_go_to_files(tmp_path: Path) -> None:
    out, labels = tmp_path / "events.jsonl", tmp_path / "labels.jsonl"
    result = run("--events", "20", "--seed", "5", "--out", str(out), "--labels", str(labels))

    assert (result.exit_code, result.stdout) == (0, "")
    assert out.read_bytes().splitlines() == lines(20)
    assert json.loads(labels.read_text("utf-8").splitlines()[0])["line"] == 0


def test_a_range_of_a_seed_can_be_skipped() -> None:
    result = run("--events", "5", "--seed", "5", "--skip", "15")

    assert result.stdout_bytes.splitlines() == lines(20)[15:]


def test_a_clean_corpus_of_one_tenant() -> None:
    result = run("--events", "20", "--seed", "5", "--clean", "--tenant", "smartsale")

    assert result.stdout_bytes.splitlines() == lines(20, clean=True, tenants=["smartsale"])


def test_an_unknown_tenant_is_a_usage_error() -> None:
    result = run("--tenant", "acme")

    assert result.exit_code == 2
    assert "no such tenant: acme; there are smiloai" in result.stderr


def test_kafka_needs_a_topic() -> None:
    result = run("--kafka", "127.0.0.1:9")

    assert result.exit_code == 2
    assert "--kafka and --topic belong together" in result.stderr


def test_labels_do_not_go_with_kafka(tmp_path: Path) -> None:
    labels = str(tmp_path / "labels.jsonl")
    result = run("--kafka", "127.0.0.1:9", "--topic", "crm", "--labels", labels)

    assert result.exit_code == 2
    assert "do not go with --kafka" in result.stderr
