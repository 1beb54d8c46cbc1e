"""A house to look at: generated events of five systems, keys, settings, and what each reader sees."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import orjson

from gateway.config import Settings, view_name
from gateway.corpus import Sample, encode, generate
from gateway.errors import SettingsError
from gateway.settings_file import load_settings
from gateway.tokens import make_keys
from schemas.access import Subscription

SETTINGS = "sluicegate.toml"
MARK = ".sluicegate-demo"  # says that a folder is ours to make anew
SHOWN = ("sales", "science", "training")  # the readers whose views stand side by side


class Example(msgspec.Struct, frozen=True):
    """One event, field by field: as it was produced, and as each of the ``readers`` sees it.

    A field that a reader does not get is not in their view. The events are generated: nobody in
    them exists.
    """

    kind: str
    fields: Mapping[str, str]
    readers: Sequence[Subscription]
    views: Sequence[Mapping[str, str]]


def build(folder: Path, events: int, seed: int, progress: Callable[[int], None]) -> Settings:
    """Make the folder anew and return its settings: events by tenant, a key each, settings.

    Raises SettingsError for a folder that is there and that no earlier demo made.
    """
    if folder.exists():
        if not (folder / MARK).exists():
            problem = "is there already, and no demo made it; name another folder with --out"
            raise SettingsError(str(folder), [problem])
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).touch()
    text = resources.files("gateway.cli").joinpath("init/demo.toml").read_text("utf-8")
    (folder / SETTINGS).write_text(text, "utf-8")
    settings = load_settings(folder / SETTINGS)
    for tenant, path in settings.keys.items():
        path.parent.mkdir(exist_ok=True)
        make_keys(tenant, path)
    _write_events(settings, events, seed, progress)
    return settings


def _write_events(
    settings: Settings, events: int, seed: int, progress: Callable[[int], None]
) -> None:
    files = {}
    for source in settings.inputs:
        path = settings.at(source.path)
        path.parent.mkdir(exist_ok=True)
        files[source.tenant] = path.open("wb")
    try:
        for number, sample in enumerate(generate(seed, events), 1):
            files[sample.event["tenant"]].write(encode(sample) + b"\n")
            progress(number)
    finally:
        for file in files.values():
            file.close()


def example(settings: Settings, seed: int, events: int) -> Example:
    """Return the event of a demo that shows most, as produced and as the readers ``SHOWN`` see it."""
    sample = max(generate(seed, events), key=_tells)
    source = next(one for one in settings.inputs if one.tenant == sample.event["tenant"])
    out = settings.at(settings.transport.out)
    readers = [each for each in settings.subscriptions if each.name in SHOWN]
    folders = [out / view_name(source.name, each.name) for each in readers]
    views = [dict(_flat(_find(folder, sample.event["id"]))) for folder in folders]
    return Example(sample.event["type"], dict(_flat(sample.event)), readers, views)


def _tells(sample: Sample) -> int:
    """Say how many kinds of personal data a contact holds whose note names somebody too."""
    event = sample.event
    if (event["tenant"], event["type"]) != ("smiloai", "crm.contact"):
        return -1
    noted = {label.entity for label in sample.labels if label.path == "/note"}
    return len({label.entity for label in sample.labels}) if len(noted) > 1 else 0


def _find(folder: Path, identity: str) -> dict[str, Any]:
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_bytes().splitlines():
            event: dict[str, Any] = orjson.loads(line)
            if event.get("id") == identity:
                return event
    return {}


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _flat(each, f"{path}/{key}")
    elif isinstance(value, list):
        for at, each in enumerate(value):
            yield from _flat(each, f"{path}/{at}")
    else:
        yield path, value if isinstance(value, str) else orjson.dumps(value).decode()
