import json
from base64 import b64encode
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from detectors.unveil import DEPTH
from gateway.cli import main
from gateway.corpus import encode, generate
from tests.gateway.cli.detection import with_detection

CONTACT = {
    "type": "crm.contact",
    "contact": {"name": "Ayşe Öztürk", "email": "ayse@ornek.com.tr"},
    "note": "Ayşe said: call +90 532 123 45 67",
}


def run(*arguments: str, lines: list[object] | bytes = ()) -> Result:  # type: ignore[assignment]
    content = lines if isinstance(lines, bytes) else b"\n".join(map(_encode, lines))
    return CliRunner(env={"COLUMNS": "100"}).invoke(main, ["scan", *arguments], input=content)


def _encode(line: object) -> bytes:
    return line if isinstance(line, bytes) else json.dumps(line).encode()


def told(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_finding_is_a_json_object_with_its_place():
    result = run("-", lines=[{"x": 1}, {"a": {"b/c": ["", "mail a@b.com"]}}])

    assert result.exit_code == 0
    assert told(result) == [
        {
            "line": 1,
            "path": "/a/b~1c/1",
            "start": 5,
            "end": 12,
            "entity": "EMAIL_ADDRESS",
            "category": "email",
            "confidence": 0.95,
            "rule": "EMAIL_ADDRESS.email",
        }
    ]


def test_fields_of_a_known_kind_are_found_by_their_contract_and_again_in_texts():
    found = [
        (one["path"], one["entity"], one["start"], one["end"], one["rule"])
        for one in told(run("-", lines=[CONTACT]))
    ]

    assert found == [
        ("/note", "PERSON", 0, 4, "known_value"),
        ("/note", "PHONE_NUMBER", 16, 33, "PHONE_NUMBER.phone"),
        ("/contact/name", "PERSON", 0, 11, "contract"),
        ("/contact/email", "EMAIL_ADDRESS", 0, 17, "contract"),
    ]


def test_no_value_is_printed_unless_it_is_asked_for():
    quiet, open_ = run("-", lines=[CONTACT]), run("-", "--show-values", lines=[CONTACT])

    assert [word for word in ("Ayşe", "ornek", "532") if word in quiet.output] == []
    assert [one["value"] for one in told(open_)][:2] == ["Ayşe", "+90 532 123 45 67"]


def test_a_name_with_personal_data_in_it_is_not_printed_in_a_path():
    result = run("-", lines=[{"a@b.com": {"x": "c@d.com"}, "y": [{"10.0.0.1": "e@f.com"}]}])

    assert [one["path"] for one in told(result)] == [
        "/~key", "/~key/x", "/y/0/~key", "/y/0/~key"
    ]  # fmt: skip
    assert "a@b" not in result.output
    assert "10.0.0.1" not in result.output


def test_a_name_that_looks_like_the_placeholder_is_told_apart():
    assert [one["path"] for one in told(run("-", lines=[{"~key": "a@b.com"}]))] == ["/~0key"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"a@b.com", "not_json"),
        (b'{"a": "a@b.com"', "not_json"),
        (b'["a@b.com"]', "not_an_object"),
        (b'{"a": "a@b.com\xff"}', "invalid_utf8"),
        (b'{"a":' * 70 + b'"a@b.com"' + b"}" * 70, "too_deep"),
        (b'{"a":' * 2000 + b'"a@b.com"' + b"}" * 2000, "too_deep"),
    ],
)
def test_a_line_that_is_no_event_is_named_by_line_and_reason_and_scanning_goes_on(line, reason):
    result = run("-", lines=[{"x": 1}, line, {"a": "c@d.com"}])

    assert result.exit_code == 1
    assert result.stderr == f"sluicegate: line 1: {reason}\n"
    assert [one["line"] for one in told(result)] == [2]


def test_less_sure_findings_can_be_asked_for():
    event = {"t": "order 4539148803436467"}

    assert told(run("-", lines=[event])) == []
    [one] = told(run("-", "--min-confidence", "0.3", lines=[event]))
    assert (one["entity"], one["confidence"]) == ("CREDIT_CARD", 0.35)


def test_lists_and_limits_of_settings_count_where_they_are_named(tmp_path: Path):
    lists = 'domains = ["ours.example"]\ndeny = [{ value = "Nightingale", entity = "PERSON" }]'
    settings = with_detection(tmp_path, f"{lists}\n[limits]\ndepth = 2")
    event = {"t": "a@ours.example to b@else.example about Nightingale"}
    deep = {"a": {"b": {"c": "x"}}}
    result = run("-", "--show-values", "--settings", settings, lines=[event, deep])

    assert [one["value"] for one in told(result)] == ["b@else.example", "Nightingale"]
    assert result.stderr == "sluicegate: line 1: too_deep\n"
    assert len(told(run("-", lines=[event, deep]))) == 2


def test_a_model_of_the_settings_is_opened(tmp_path: Path):
    model = f'recognizer = [{{ kind = "gliner", path = "{tmp_path}" }}]'
    result = run("-", "--settings", with_detection(tmp_path, model), lines=[{"t": "x"}])

    assert result.exit_code == 2
    assert "[detection] recognizer number 1: recognizer 'gliner'" in result.stderr


def test_a_field_and_the_rule_that_knows_it_better_are_one_finding():
    event = {"type": "crm.contact", "contact": {"national_id": "10000000146"}}

    assert [one["entity"] for one in told(run("-", lines=[event]))] == ["TR_NATIONAL_ID"]


def test_a_summary_counts_and_shows_no_finding():
    result = run("-", "--summary", lines=[CONTACT, {"a": "a@b.com"}])
    rows = [line.split() for line in result.stdout.splitlines()]

    assert [row for row in rows if len(row) == 3 and row[0].isupper()] == [
        ["EMAIL_ADDRESS", "email", "2"],
        ["PERSON", "name", "2"],
        ["PHONE_NUMBER", "phone", "1"],
    ]
    assert "5 findings in 2 lines" in result.stdout
    assert "@" not in result.stdout


def test_a_file_of_several_batches_is_numbered_through(tmp_path: Path):
    file = tmp_path / "events.jsonl"
    file.write_bytes(b'{"x": 1}\n' * 2500 + b'{"a": "a@b.com"}\n')

    assert [one["line"] for one in told(run(str(file)))] == [2500]


def test_what_the_corpus_plants_stands_where_the_command_says():
    samples = list(generate(3, 200))
    result = run("-", lines=[encode(sample) for sample in samples])
    found = {(one["line"], one["path"], one["start"], one["end"]) for one in told(result)}
    planted = {
        (line, label.path, label.start, label.end)
        for line, sample in enumerate(samples)
        for label in sample.labels
        if label.entity == "EMAIL_ADDRESS"
    }

    assert planted
    assert planted <= found


def test_a_file_that_is_not_there_is_a_usage_error():
    result = run("no-such-file.jsonl")

    assert result.exit_code == 2
    assert "no-such-file.jsonl" in result.stderr


def test_a_line_that_says_more_than_could_be_examined_is_named():
    note = "ayse@ornek.example"
    for _ in range(DEPTH + 1):
        note = b64encode(note.encode()).decode()

    result = run("-", lines=[{"x": 1}, {"note": note}])

    assert result.exit_code == 1
    assert result.stderr == "sluicegate: line 1: not_examined\n"
