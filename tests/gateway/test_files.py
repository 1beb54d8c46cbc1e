"""A run over files: what it writes, what it refuses, and that a crash at any point leaves no trace."""

import json
import shutil

import pytest

from gateway.app import Gateway
from gateway.chain import check_chain
from gateway.errors import FencedError, SettingsError, TrailError
from gateway.files import Done, Folders, batch_of
from gateway.trail import publish
from tests.gateway.house import House, contact

READERS = {"sales": {"email": "mask"}, "science": {"email": "tokenize"}}
NOT_JSON = b'{"type": "crm.contact", "conta'


@pytest.fixture
def house(tmp_path):
    return House(tmp_path / "house", READERS, batch_lines=4)


def written(house):
    """Return the views of a house, file by file, and what its quarantine holds, opened."""
    views = {
        path.relative_to(house.out): path.read_bytes() for path in house.out.glob("*.view.*/*")
    }
    return views, house.restored()


def told(house):
    """Return what the trail says of each line and reader, in order, but for when it was said."""
    columns = ("kafka_offset", "row_ordinal", "subscription", "access_kind", "reason",
               "subject_ref", "cat_clear", "cat_masked", "cat_denied", "event_time")  # fmt: skip
    return [tuple(row[name] for name in columns) for row in house.rows()]


# What a run does.


def test_a_run_writes_a_view_for_each_reader_and_a_row_for_each_access(house):
    house.write(contact(n) for n in range(10))
    assert house.run() == Done(0, 10)
    assert [each["id"] for each in house.view("sales")] == [f"e{n}" for n in range(10)]
    assert house.view("sales")[3]["contact"]["email"] == "p***@e***.org"
    assert house.view("science")[3]["contact"]["email"].startswith("tok_email_")
    assert [row["kafka_offset"] for row in house.rows()] == [n for n in range(10) for _ in range(2)]


def test_segments_and_view_files_follow_the_batches(house):
    house.write(contact(n) for n in range(10))
    house.run()
    names = ["00000000000000000000", "00000000000000000004", "00000000000000000008"]
    assert [path.stem for path in house.view_files()] == names
    segments = check_chain(house.hot, "crm")
    assert [(each.first, each.next_offset) for each in segments] == [(0, 4), (4, 8), (8, 10)]


def test_a_second_run_goes_on_where_the_first_one_ended(house):
    house.write(contact(n) for n in range(6))
    house.run()
    before, _ = written(house)
    house.write(contact(n) for n in range(6, 9))
    assert house.run() == Done(6, 9)
    assert {path: written(house)[0][path] for path in before} == before
    assert [each["id"] for each in house.view()] == [f"e{n}" for n in range(9)]


def test_a_run_with_nothing_new_writes_nothing(house):
    house.write(contact(n) for n in range(6))
    house.run()
    before = written(house), house.rows()
    assert house.run() == Done(6, 6)
    assert (written(house), house.rows()) == before


def test_an_empty_input_has_no_views_and_no_trail(house):
    house.write([])
    assert house.run() == Done(0, 0)
    assert not house.out.exists()
    assert not house.hot.exists()


def test_progress_and_a_stop_are_told_after_each_batch(house):
    house.write(contact(n) for n in range(12))
    told: list[tuple[str, int]] = []
    done = house.run(
        progress=lambda name, lines: told.append((name, lines)), stopped=lambda: len(told) == 2
    )
    assert told == [("crm", 4), ("crm", 8)]
    assert done == Done(0, 8)
    assert house.run() == Done(8, 12)


@pytest.mark.parametrize("end", [b"", b"\n", b"\n\n", b"\r\n"])
def test_the_last_line_counts_with_or_without_its_end(house, end):
    house.input.write_bytes(b'{"id": 1}\r\n{"id": 2}' + end)
    house.run()
    assert house.view() == [{"id": 1}, {"id": 2}]


def test_blank_lines_are_no_events_but_keep_their_numbers(house):
    house.input.write_bytes(b'\n\n{"id": 2}\n\r\n\n{"id": 5}\n')
    assert house.run() == Done(0, 6)
    assert house.view() == [{"id": 2}, {"id": 5}]
    assert sorted({row["kafka_offset"] for row in house.rows()}) == [2, 5]


def test_lines_of_nothing_but_blanks_go_on_too(house):
    house.input.write_bytes(b"\n" * 9)
    assert house.run() == Done(0, 9)
    house.write([contact(9)])
    assert house.run() == Done(9, 10)
    check_chain(house.hot, "crm")


# A crash at any point. Its traces are data: what had become durable, and nothing after it.


def crashed(whole, folder, batch, files):
    """Return a copy of a finished house as it was when a batch had its segment and some files."""
    house = whole.copy(folder)
    for path in sorted(house.hot.iterdir())[batch + 1 :]:
        path.unlink()
    first = 4 * batch
    made = [path for path in sorted(house.out.rglob("*.jsonl")) if number(path) == first]
    for path in house.out.rglob("*.jsonl"):
        if number(path) > first or path in made[files:]:
            path.unlink()
    (house.out / ".crm.shown").unlink()
    return house


def number(path):
    return int(path.stem.rpartition("+")[2])


@pytest.mark.parametrize("batch", [0, 1, 2])
def test_after_a_crash_at_any_point_a_run_leaves_what_an_unbroken_one_does(house, tmp_path, batch):
    house.write([*(contact(n) for n in range(5)), NOT_JSON, *(contact(n) for n in range(6, 10))])
    house.run()
    for files in range(4):
        again = crashed(house, tmp_path / f"crash{files}", batch, files)
        again.run()
        assert written(again) == written(house)
        assert told(again) == told(house)
        check_chain(again.hot, "crm")


def test_what_the_lines_are_known_by_says_nothing_to_who_has_no_key(house, tmp_path):
    other = House(tmp_path / "other")
    for one in (house, other):
        one.write([contact(1)])
        one.run()
    marks = [json.loads((one.out / ".crm.shown").read_bytes()) for one in (house, other)]
    assert [mark["first"] for mark in marks] == [0, 0]
    assert marks[0] != marks[1]


def test_a_batch_whose_trail_alone_was_written_is_shown_by_the_next_run(house):
    house.write(contact(n) for n in range(7))
    with Gateway(house.settings) as gateway:
        batch = batch_of("crm", 0, house.input.read_bytes().splitlines(keepends=True)[:4])
        streams = [each.stream for each in gateway.pipelines["crm"](batch).audits]
        publish(house.hot, "crm", 0, 4, streams)
    assert house.run() == Done(4, 7)
    assert [each["id"] for each in house.view()] == [f"e{n}" for n in range(7)]


def test_what_a_dying_writer_left_aside_is_in_nobodys_way(house):
    house.write(contact(n) for n in range(4))
    view = house.out / "crm.view.sales"
    view.mkdir(parents=True)
    (view / ".00000000000000000000.jsonl.0a1b2c3d").write_bytes(b'{"half": ')
    house.run()
    assert [path.name for path in house.view_files()] == ["00000000000000000000.jsonl"]


def test_only_rejects_are_held_after_a_crash_too(house):
    house.write([NOT_JSON])
    house.run()
    shutil.rmtree(house.out)
    house.run()
    assert house.restored() == [("crm/0/0", "not_json", NOT_JSON)]


def test_two_runs_at_once_never_write_a_line_twice(house):
    house.write(contact(n) for n in range(4))
    with Gateway(house.settings) as gateway:
        batch = batch_of("crm", 0, house.input.read_bytes().splitlines(keepends=True))
        outcome = gateway.pipelines["crm"](batch)
        folders = Folders(house.settings, "crm")
        folders.commit("crm", batch, outcome)
        with pytest.raises(FencedError):
            folders.commit("crm", batch, outcome)
    assert len(house.view()) == 4


# A reader who is new gets no past event: nobody recorded that they saw it.


def test_a_new_reader_sees_what_is_new(house):
    house.write(contact(n) for n in range(4))
    house.run()
    house.add_reader("audit")
    house.write(contact(n) for n in range(4, 6))
    house.run()
    assert [each["id"] for each in house.view("audit")] == ["e4", "e5"]
    rows = [row for row in house.rows() if row["subscription"] == "audit"]
    assert [row["kafka_offset"] for row in rows] == [4, 5]


# What a run refuses.


def test_inputs_that_are_missing_are_told_in_one_message(tmp_path):
    more = '[[input]]\nname = "calls"\ntenant = "acme"\npath = "calls.jsonl"\n'
    with pytest.raises(SettingsError) as error:
        House(tmp_path, READERS, more=more).run()
    assert error.value.problems == (
        "[[input]] 'crm' path: 'crm.jsonl' is not a file",
        "[[input]] 'calls' path: 'calls.jsonl' is not a file",
    )
    assert not (tmp_path / "out").exists()


def test_an_emptied_store_is_refused(house):
    house.write(contact(n) for n in range(6))
    house.run()
    for path in house.hot.iterdir():
        path.unlink()
    with pytest.raises(TrailError, match=r"emptied store: input 'crm' has views, but .* no trail"):
        house.run()


def test_with_lake_and_views_moved_away_a_run_begins_anew(house):
    house.write(contact(n) for n in range(6))
    house.run()
    for folder in ("out", "lake"):
        (house.folder / folder).rename(house.folder / f"old {folder}")
    assert house.run() == Done(0, 6)


def test_a_shortened_input_is_refused(house):
    house.write(contact(n) for n in range(6))
    house.run()
    house.input.write_bytes(b"".join(house.input.read_bytes().splitlines(keepends=True)[:5]))
    with pytest.raises(TrailError, match=r"input 'crm' ends at line 6, but .* has 5 lines"):
        house.run()


def test_another_file_under_the_same_name_is_refused(house):
    house.write(contact(n) for n in range(6))
    house.run()
    before = written(house)
    house.input.unlink()
    house.write(contact(n) for n in range(100, 120))
    with pytest.raises(TrailError, match=r"lines of 'crm' from 4 up to 6 are not .* another file"):
        house.run()
    assert written(house) == before
