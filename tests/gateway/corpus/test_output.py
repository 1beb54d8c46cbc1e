import io
import json

from gateway.corpus import encode, generate
from gateway.corpus.output import label_lines, write
from tests.gateway.corpus.build import leaf_at


def test_one_event_stands_on_a_line() -> None:
    out = io.BytesIO()

    assert write(generate(1, 50), out) == 50
    assert out.getvalue().splitlines() == [encode(sample) for sample in generate(1, 50)]


def test_labels_name_their_event_by_line_from_zero() -> None:
    out, labels = io.BytesIO(), io.BytesIO()
    write(generate(1, 50), out, labels)
    events = [json.loads(line) for line in out.getvalue().splitlines()]
    rows = [json.loads(line) for line in labels.getvalue().splitlines()]

    assert len(rows) == sum(len(sample.labels) for sample in generate(1, 50))
    assert list(rows[0]) == ["line", "path", "start", "end", "entity"]
    assert all(len(leaf_at(events[row["line"]], row["path"])) >= row["end"] for row in rows)


def test_an_event_without_labels_has_no_label_line() -> None:
    assert list(label_lines(0, next(generate(1, 1, clean=True)))) == []


def test_nothing_is_written_of_no_events() -> None:
    out = io.BytesIO()

    assert (write([], out), out.getvalue()) == (0, b"")


def test_a_pace_changes_nothing_but_the_time() -> None:
    out = io.BytesIO()
    write(generate(1, 20), out, events_per_second=1000)

    assert out.getvalue().splitlines() == [encode(sample) for sample in generate(1, 20)]
