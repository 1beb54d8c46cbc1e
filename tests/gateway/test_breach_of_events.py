"""The breach answer beside a count over the events themselves and what readers got of them."""

import contextlib
import json

import pytest

from gateway.app import Gateway
from gateway.breach import Selectors, scope
from gateway.config import view_name
from gateway.demo import SETTINGS, build
from gateway.files import run_files
from gateway.lake import open_lake
from gateway.settings_file import load_settings
from schemas.event import contracts

NOT_JSON = b'{"type": "crm.contact", "conta'


def found(held, path):
    """Return the values at a path of a contract by where they stand, ``*`` spelled out."""
    if not path:
        return {(): held}
    keys = [path[0]] if isinstance(held, dict) and path[0] in held else []
    if path[0] == "*" and isinstance(held, list):
        keys = list(range(len(held)))
    return {(key, *at): value for key in keys for at, value in found(held[key], path[1:]).items()}


def leaf(held, place):
    """Return the value at a place, None where there is none."""
    try:
        for key in place:
            held = held[key]
    except (KeyError, IndexError, TypeError):
        return None
    return held


class People:
    """Who is who: the strongest identifier that is known decides, new ones become theirs."""

    def __init__(self):
        self._known = {}

    def person(self, plan, body):
        names = [
            (kind, "".join(filter(str.isalnum, value)).lower())
            for kind, path in plan.identities
            for value in found(body, path).values()
        ]
        known = [self._known[name] for name in names if name in self._known]
        one = known[0] if known else object()
        for name in names:
            self._known.setdefault(name, one)
        return one


def plan_of(event):
    plan = contracts()[event["type"]].subjects
    assert plan is not None, "every kind of the corpus is about somebody"
    return plan


def bodies(event):
    """Return the bodies of an event's people by where they stand."""
    each = plan_of(event).each
    return found(event, (*each, "*")) if each else {(): event}


def is_shown(event, view, place):
    """Say whether a reader got a field as it was that the contract says is of the person there."""
    fields = contracts()[event["type"]].fields
    own = [path for path, field in fields.items() if field.bit >= 0]
    values = {at: value for path in own for at, value in found(event, path).items()}
    return any(
        at[: len(place)] == place and leaf(view, at) == value
        for at, value in values.items()
        if value and not isinstance(value, dict | list)
    )


def disturbed(lines):
    """Yield lines with broken ones, empty ones, ones without time, and people half unknown."""
    for number, line in enumerate(lines):
        event = json.loads(line)
        if number % 11 == 0:
            yield b"" if number % 2 else NOT_JSON
        if number % 13 == 0:
            del event["time"]
        for name in ("contact", "lead"):
            if number % 5 == 0 and "email" in event.get(name, {}):
                del event[name]["id"]
        yield json.dumps(event).encode()


def run(folder, seed):
    """Run the demo's house over disturbed events in small batches; return its settings."""
    settings = build(folder, 500, seed, lambda _number: None)
    for source in settings.inputs:
        path = settings.at(source.path)
        path.write_bytes(b"\n".join(disturbed(path.read_bytes().splitlines())) + b"\n")
    file = folder / SETTINGS
    small = file.read_text("utf-8").replace("[transport]\n", "[transport]\nbatch_lines = 32\n")
    file.write_text(small, "utf-8")
    settings = load_settings(file)
    with Gateway(settings) as gateway:
        run_files(settings, gateway.pipelines)
    return settings


def exposed(settings, source, reader):
    """Return who and which events stand in a reader's view with something of them in clear."""
    folder = settings.at(settings.transport.out) / view_name(source.name, reader.name)
    views = {
        (view["id"], view.get("time")): view
        for path in folder.glob("*.jsonl")
        for view in map(json.loads, path.read_bytes().splitlines())
    }
    people, who, what = People(), set(), set()
    for line in settings.at(source.path).read_bytes().splitlines():
        if line in {b"", NOT_JSON}:
            continue
        event = json.loads(line)
        plan = plan_of(event)
        view = views.get((event["id"], event.get("time")))
        for place, body in bodies(event).items():
            person = people.person(plan, body)
            if view is not None and is_shown(event, view, place):
                who.add(person)
                what.add(event["id"])
    return len(who), len(what)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_breach_answer_counts_whom_and_what_the_views_show(tmp_path, seed):
    settings = run(tmp_path / "demo", seed)
    sources = {source.name: source for source in settings.inputs}
    expected, answered = {}, {}
    with contextlib.closing(open_lake(settings.at(settings.lake.path))) as con:
        for reader in settings.subscriptions:
            expected[reader.name] = exposed(settings, sources[reader.inputs[0]], reader)
            told = scope(con, Selectors(subscriptions=(reader.name,))).headline
            answered[reader.name] = told.data_subjects, told.records
    assert answered == expected
    assert min(expected["sales"]) > 50
