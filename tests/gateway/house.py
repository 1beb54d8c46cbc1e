"""A house of one tenant over files: settings, a policy made for the test, a key, and its events."""

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from gateway.app import Gateway
from gateway.files import Done, read_quarantine, run_files
from gateway.pipeline import Clock
from gateway.quarantine import Held, read_held, restore
from gateway.settings_file import load_settings
from gateway.stream import Out
from gateway.tokens import load_keys, make_keys
from gateway.trail import HOT

Removals = Mapping[str, str]  # a category's code, or "*" → what happens to its values

POLICY = """
[policy]
tenant = "acme"
version = "7"
effective_from = 2026-11-22
controller = "acme"
document = "Acme Privacy Policy"
sha256 = "%s"

[purposes.work]
dpv = "dpv:ServiceProvision"
legal_basis = ["gdpr:A6-1-b"]
src = ["L1"]

[[matrix]]
id = "open"
roles = ["*"]
purposes = ["*"]
categories = ["*"]
action = "allow"
src = ["L1"]
"""
SETTINGS = """
[transport]
kind = "files"
batch_lines = %d

[[input]]
name = "crm"
tenant = "acme"
path = "crm.jsonl"

[policy]
acme = "policy.toml"

[keys]
acme = "acme.key"
"""
SALES = {"sales": {"email": "mask", "government_id": "drop"}}


class House:
    """A folder with everything that a gateway over files needs.

    ``readers`` names roles, each with a subscription of its name and with what its policy removes;
    whatever it does not remove, it allows. A role in ``withheld`` gets no free text. ``more`` is
    added to the settings; readers read ``inputs``.
    """

    def __init__(
        self,
        folder: Path,
        readers: Mapping[str, Removals] = SALES,
        *,
        withheld: Sequence[str] = (),
        batch_lines: int = 4,
        inputs: Sequence[str] = ("crm",),
        more: str = "",
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        policy = POLICY % ("0" * 64) + "".join(
            _role(name, removed, name in withheld) for name, removed in readers.items()
        )
        (folder / "policy.toml").write_text(policy, "utf-8")
        subscriptions = "".join(_subscription(name, inputs) for name in readers)
        (folder / "sluicegate.toml").write_text(
            SETTINGS % batch_lines + subscriptions + more, "utf-8"
        )
        make_keys("acme", folder / "acme.key")
        self.move_to(folder)

    def move_to(self, folder: Path) -> None:
        """Be the house in a folder where there is one."""
        self.folder = folder
        self.path = folder / "sluicegate.toml"
        self.settings = load_settings(self.path)
        self.input = folder / "crm.jsonl"
        self.out = folder / "out"
        self.hot = folder / "lake" / HOT

    def copy(self, folder: Path) -> "House":
        """Return a house in a copy of the folder: what a machine that died leaves behind."""
        shutil.copytree(self.folder, folder)
        house = House.__new__(House)
        house.move_to(folder)
        return house

    def add_reader(self, name: str) -> None:
        """Add a subscription of the first reader's role."""
        first = self.settings.subscriptions[0]
        with self.path.open("a", encoding="utf-8") as file:
            file.write(_subscription(name, first.inputs, first.role))
        self.settings = load_settings(self.path)

    def write(self, lines: Iterable[bytes | Mapping[str, Any]]) -> None:
        """Append lines to the input: bytes as they are, events as JSON."""
        with self.input.open("ab") as file:
            for line in lines:
                file.write((line if isinstance(line, bytes) else orjson.dumps(line)) + b"\n")

    def run(self, clock: Clock | None = None, **given: Any) -> Done:
        """Run the gateway over the input, to its end or until stopped."""
        clocked: Any = {} if clock is None else {"clock": clock}
        with Gateway(self.settings, **clocked) as gateway:
            return run_files(self.settings, gateway.pipelines, **given)["crm"]

    def view(self, reader: str = "sales") -> list[dict[str, Any]]:
        """Return the events of a reader's view."""
        lines = b"".join(path.read_bytes() for path in self.view_files(reader))
        return [json.loads(line) for line in lines.splitlines()]

    def view_files(self, reader: str = "sales") -> list[Path]:
        """Return the files of a reader's view, in order."""
        return sorted((self.out / f"crm.view.{reader}").glob("*.jsonl"))

    def quarantine(self) -> list[Out]:
        """Return the records that are held in quarantine."""
        return list(read_quarantine(self.out / "quarantine"))

    def held(self) -> dict[int, Held]:
        """Return what quarantine says of each record, by its line."""
        return {out.offset: read_held(out.headers, out.value) for out in self.quarantine()}

    def restored(self) -> list[tuple[str, str, bytes | None]]:
        """Return where each record in quarantine came from, why it is there, and its value."""
        keyring = load_keys(self.settings.keys["acme"], "acme")
        found = [(read_held(out.headers, out.value), out.value) for out in self.quarantine()]
        return [
            (held.coordinate, held.reason, restore(keyring, held, sealed).value)
            for held, sealed in found
        ]

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of the trail, in order."""
        paths = sorted(self.hot.glob("*.parquet"))
        rows: list[dict[str, Any]] = pa.concat_tables([pq.read_table(p) for p in paths]).to_pylist()
        return rows


def contact(number: int, **fields: Any) -> dict[str, Any]:
    """Return a contact of the CRM with an e-mail address that stands in its note too."""
    email = f"person{number}@example.org"
    return {
        "type": "crm.contact",
        "id": f"e{number}",
        "time": "2026-11-05T12:00:00Z",
        "tenant": "acme",
        "action": "viewed",
        "contact": {"id": f"c{number}", "email": email},
        "note": f"wrote from {email} again",
        **fields,
    }


def _role(name: str, removed: Removals, withheld: bool) -> str:  # noqa: FBT001 - a fact
    free_text = "withhold" if withheld else "show"
    text = f'\n[roles.{name}]\nsrc = ["L1"]\nfree_text = "{free_text}"\n'
    for category, action in removed.items():
        text += (
            f'\n[[matrix]]\nroles = ["{name}"]\npurposes = ["*"]\ncategories = ["{category}"]\n'
            f'action = "{action}"\nsrc = ["L1"]\n'
        )
    return text


def _subscription(name: str, inputs: Sequence[str], role: str = "") -> str:
    return (
        f'\n[[subscription]]\nname = "{name}"\ninputs = {json.dumps(inputs)}\n'
        f'principal = "{name}-app"\n'
        f'role = "{role or name}"\npurpose = "work"\n'
    )
