"""The demo, with few events: what it shows, that it shows the truth, and that it harms nobody's folder."""

import json
import re
import shlex

import pytest
from click.testing import CliRunner

from gateway.chain import check_chain
from gateway.cli import main
from gateway.trail import lanes

TENANTS = ("smiloai", "smartcall", "smartsale", "smartsmm", "smartclosr")
READERS = ("sales", "science", "training")


def call(folder, *options):
    return CliRunner().invoke(main, ["demo", "--out", str(folder), "--events", "500", *options])


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """Return the folder of one demo, and what it printed."""
    folder = tmp_path_factory.mktemp("demo") / "made"
    result = call(folder)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return folder, result.stdout


def views(folder, stream, reader):
    paths = sorted((folder / "out" / f"{stream}.view.{reader}").glob("*.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]


def example_row(text, field):
    """Return one line of the side-by-side table: as produced, then as each reader sees it."""
    (line,) = re.findall(rf"(?m)^ {re.escape(field)} .*$", text)
    return re.split(r" {2,}", line.strip())[1:]


def test_one_event_stands_as_produced_beside_what_each_reader_sees(shown):
    _, text = shown
    assert re.search(r"field +as produced +crm +analytics +ai_training", text)
    produced, sales, science, training = example_row(text, "/contact/email")
    assert produced[:6] == sales[:6]
    assert science.startswith("psd_email_")
    assert training == "—"


def test_the_table_tells_what_stands_in_the_views(shown):
    folder, text = shown
    (identity,) = re.findall(r"One crm.contact event, (\w+), and", text)
    seen = [next(e for e in views(folder, "smiloai", r) if e["id"] == identity) for r in READERS]
    email, name, training = (
        example_row(text, f"/contact/{one}") for one in ("email", "name", "id")
    )
    assert seen[0]["contact"]["email"].startswith(email[1])
    assert seen[1]["contact"]["name"].startswith(name[2].removesuffix("…"))
    assert name[2].startswith("psd_name_")
    assert ("id" in seen[2].get("contact", {})) == (training[3] != "—")
    assert f"--subject email:{seen[0]['contact']['email']}\n" in text


def test_what_it_shows_fits_a_hundred_columns_but_for_paths(shown):
    folder, text = shown
    lines = [line for line in text.splitlines() if str(folder) not in line]
    assert 80 < max(map(len, lines)) <= 100


def test_a_breach_question_is_asked_and_answered_from_the_trail(shown):
    _, text = shown
    assert "sluicegate breach scope --principal sales-app" in text
    (people,), (records,) = (re.findall(rf"(\d+) +{word}", text) for word in ("people", "records"))
    assert 0 < int(people) <= int(records)
    for heading in ("Whose data", "What data", "Whose access"):
        assert heading in text


def test_every_place_that_it_names_is_there(shown):
    folder, text = shown
    places = text.partition("Where everything lies")[2]
    named = re.findall(rf"{re.escape(str(folder))}/[\w./-]+", places)
    assert {path.removeprefix(str(folder)) for path in named} >= {
        "/sluicegate.toml",
        "/events",
        "/out/quarantine",
        "/lake/hot",
        "/vault.sqlite",
        "/keys",
    }
    for name in ("sluicegate.toml", "events", "out", "lake/hot", "vault.sqlite", "keys"):
        assert (folder / name).exists()


def test_five_systems_have_their_events_views_and_trail(shown):
    folder, _ = shown
    assert sorted(path.stem for path in (folder / "events").iterdir()) == sorted(TENANTS)
    written = sum(path.read_bytes().count(b"\n") for path in (folder / "events").iterdir())
    assert written == 500
    assert lanes(folder / "lake" / "hot") == sorted(TENANTS)
    ends = [check_chain(folder / "lake" / "hot", name)[-1].next_offset for name in TENANTS]
    assert sum(ends) == 500
    assert len({path.name for path in (folder / "out").glob("*.view.*")}) == 7


def test_a_demo_goes_on_with_the_commands_that_it_names(shown):
    folder, text = shown
    settings = ["--settings", str(folder / "sluicegate.toml")]
    again = CliRunner().invoke(main, ["run", *settings])
    assert again.exit_code == 0
    assert "smiloai: 0 lines" in again.output
    person, policy, trail = re.findall(r"(?m)^    sluicegate (.*)$", text)
    assert "sales-app" in CliRunner().invoke(main, shlex.split(person)).stdout
    assert "sales_rep" in CliRunner().invoke(main, shlex.split(policy)).stdout
    assert "category_not_granted" in CliRunner().invoke(main, shlex.split(trail)).stdout


def test_a_second_demo_makes_its_folder_anew(tmp_path):
    folder = tmp_path / "demo"
    assert call(folder).exit_code == 0
    first = {path.name: path.read_bytes() for path in (folder / "events").iterdir()}
    (folder / "old").touch()
    assert call(folder, "--seed", "3").exit_code == 0
    assert not (folder / "old").exists()
    assert {path.name: path.read_bytes() for path in (folder / "events").iterdir()} != first


@pytest.mark.parametrize("inside", [None, "mine.txt"])
def test_a_folder_that_no_demo_made_is_left_alone(tmp_path, inside):
    if inside:
        (tmp_path / inside).write_text("mine", "utf-8")
    before = sorted(tmp_path.iterdir())
    result = call(tmp_path)
    assert result.exit_code == 2
    assert "no demo made it; name another folder with --out" in result.stderr
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("options", [["--events", "499"], ["--seed", "-1"]])
def test_numbers_that_make_no_demo_are_refused(tmp_path, options):
    assert call(tmp_path / "demo", *options).exit_code == 2
    assert not (tmp_path / "demo").exists()
