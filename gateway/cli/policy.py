"""The commands of a policy: ``policy show``, ``explain`` and ``check``."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from gateway.cli.group import Group
from gateway.cli.output import emit, new_table, plain_console
from gateway.cli.settings import read_settings, settings_option
from gateway.errors import SettingsError
from gateway.policy import Cell, Explanation, Policy, load_policy
from gateway.policy_file import Line
from gateway.settings_file import BUILTIN, builtin_policies
from gateway.toml_file import listed
from schemas.access import Action
from schemas.category import EVERYTHING, by_code, codes_of

REST = "(no group)"


class _PolicyFile(click.ParamType):
    """A policy file, or ``builtin:NAME`` for one that ships with the package."""

    name = "FILE|builtin:NAME"

    def convert(self, value: Any, param: Any, ctx: Any) -> Path:
        if isinstance(value, Path):
            return value
        if not value.startswith(BUILTIN):
            return Path(value)
        known = builtin_policies()
        path = known.get(value.removeprefix(BUILTIN))
        if path is None:
            names = listed(BUILTIN + name for name in known)
            self.fail(f"{value!r} does not exist; known: {names}", param, ctx)
        return path


def _place(command: Any) -> Any:
    for option in (
        click.option("--policy", "file", type=_PolicyFile(), help="A policy, instead of settings."),
        click.option("--tenant", default="", help="Only this tenant of the settings."),
        settings_option,
        click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text."),
    ):
        command = option(command)
    return command


@click.group("policy", cls=Group)
def policy() -> None:
    """Show what a policy lets whom see, and why."""


@policy.command("show")
@_place
def show(*, file: Path | None, tenant: str, settings_path: Path, as_json: bool) -> None:
    """Show who sees which categories for which purpose, and in which form."""
    found = _policies(file, tenant, settings_path)
    if as_json:
        emit({"policies": [_told(one) for one in found]})
        return
    console = plain_console()
    for one in found:
        _print(console, one)


@policy.command("explain")
@click.option("--role", required=True, help="Who, such as sales_rep.")
@click.option("--purpose", required=True, help="What for, such as crm.")
@click.option("--category", required=True, help="What, such as email.")
@_place
def explain(  # noqa: PLR0913 - one for each option
    *,
    role: str,
    purpose: str,
    category: str,
    file: Path | None,
    tenant: str,
    settings_path: Path,
    as_json: bool,
) -> None:
    """Say what a role sees of a category for a purpose, and which lines decided that."""
    if category not in by_code():
        raise click.UsageError(f"no category is called {category!r}; known: {listed(by_code())}")
    found = _policies(file, tenant, settings_path)
    if len(found) > 1:
        tenants = listed(one.tenant for one in found)
        raise click.UsageError(f"--tenant is needed; the settings have policies of {tenants}")
    answer = found[0].explain(role, purpose, category)
    if as_json:
        emit(_explained(found[0], role, purpose, category, answer))
    else:
        lines = _sentences(found[0], role, purpose, category, answer)
        click.echo("\n".join(lines))


@policy.command("check")
@click.argument("file", type=_PolicyFile())
def check(file: Path) -> None:
    """Check a policy file; say every problem at once. Exits with 2 where there is one."""
    text = load_policy(file).text
    click.echo(
        f"{file}: no problems; {text.about.tenant} {text.about.version}: {len(text.roles)} roles, "
        f"{len(text.purposes)} purposes, {len(text.lines)} lines of the matrix"
    )


def _policies(file: Path | None, tenant: str, settings_path: Path) -> list[Policy]:
    if file is not None:
        if tenant:
            raise click.UsageError("--tenant chooses from the settings; --policy names one policy")
        return [load_policy(file)]
    known = read_settings(settings_path).policies
    if tenant and tenant not in known:
        problem = f"[policy] has nothing for tenant {tenant!r}; known: {listed(known)}"
        raise SettingsError(str(settings_path), [problem])
    return [load_policy(path) for name, path in known.items() if tenant in ("", name)]


# show


def _granted(one: Policy) -> Iterator[tuple[str, str, Cell]]:
    for role in one.text.roles:
        for purpose in one.text.purposes:
            cell = one.cell(role, purpose)
            if cell.refusal is None:
                yield role, purpose, cell


def _print(console: Console, one: Policy) -> None:
    about = one.text.about
    title = f"{about.tenant} {about.version}, from {about.effective_from}: {about.document}"
    table = new_table(title, "role", "purpose", "group", "action")
    for role, purpose, cell in _granted(one):
        notes = [purpose, *(f"  {note}" for note in _notes(one, purpose, cell))]
        forms = list(_forms(one, cell))
        for texts in zip_longest([role], notes, [f for f, _ in forms], [a for _, a in forms]):
            table.add_row(*texts)
        table.add_section()
    console.print(table)
    pairs = len(one.text.roles) * len(one.text.purposes)
    granted = sum(1 for _ in _granted(one))
    console.print(
        f"Whatever is not listed is withheld. {pairs - granted} of {pairs} pairs of role and "
        "purpose are granted nothing: their events are denied."
    )
    console.print()


def _notes(one: Policy, purpose: str, cell: Cell) -> list[str]:
    require = one.text.purposes[purpose].require
    notes: list[str] = [] if require == "nothing" else [require]
    return [*notes, "free text withheld"] if cell.withhold_free_text else notes


def _forms(one: Policy, cell: Cell) -> Iterator[tuple[str, str]]:
    """Return what can be seen of each group: in which form, and of which categories if not all."""
    for group, mask in {**one.text.groups, REST: _rest(one)}.items():
        forms: dict[int, list[str]] = {}
        for code in codes_of(mask):
            forms.setdefault(cell.actions[by_code()[code].bit], []).append(code)
        whole, name = len(forms) == 1, group
        for action in sorted(forms):
            if action < Action.DROP:
                yield name, _word(action) if whole else f"{_word(action)}: {listed(forms[action])}"
                name = ""


def _rest(one: Policy) -> int:
    rest = EVERYTHING
    for mask in one.text.groups.values():
        rest &= ~mask
    return rest


def _told(one: Policy) -> dict[str, Any]:
    about = one.text.about
    return {
        "tenant": about.tenant,
        "version": about.version,
        "effective_from": about.effective_from,
        "controller": about.controller,
        "document": about.document,
        "groups": {name: codes_of(mask) for name, mask in one.text.groups.items()},
        "cells": [_cell(one, role, what) for role in one.text.roles for what in one.text.purposes],
    }


def _cell(one: Policy, role: str, purpose: str) -> dict[str, Any]:
    cell = one.cell(role, purpose)
    return {
        "role": role,
        "purpose": purpose,
        "dpv": cell.purpose,
        "legal_basis": cell.legal_basis,
        "rule_uid": cell.rule_uid,
        "refusal": cell.refusal,
        "required": one.text.purposes[purpose].require,
        "withhold_free_text": cell.withhold_free_text,
        "actions": {code: _word(cell.actions[by_code()[code].bit]) for code in by_code()},
    }


# explain


def _sentences(
    one: Policy, role: str, purpose: str, category: str, answer: Explanation
) -> Iterator[str]:
    yield f"{role}, {purpose}: {category} → {_word(answer.action)}"
    for line in answer.decided:
        yield f"  decided by    {_line(line)}"
    if not answer.decided:
        yield "  decided by    no line grants it, and what is not granted is denied"
    if answer.required:
        yield f"  tightened by  the purpose: {answer.required}"
    for line in answer.overruled:
        yield f"  overruled     {_line(line)}"
    what = one.text.purposes.get(purpose)
    if what is not None:
        basis = ", ".join((*what.legal_basis, what.kvkk) if what.kvkk else what.legal_basis)
        yield f"  purpose       {what.dpv}, {basis} ({listed(what.src)})"
    if answer.refusal is not None:
        yield f"The whole event is denied: {answer.refusal.value}. {_known(one, role, purpose)}"
    yield f"L numbers are lines of: {one.text.about.document}"


def _line(line: Line) -> str:
    return f"{line.uid}: {_word(line.action)} ({listed(line.src)})"


def _known(one: Policy, role: str, purpose: str) -> str:
    if role not in one.text.roles:
        return f"Known roles: {listed(one.text.roles)}"
    if purpose not in one.text.purposes:
        return f"Known purposes: {listed(one.text.purposes)}"
    return "No line grants this role anything for this purpose."


def _explained(
    one: Policy, role: str, purpose: str, category: str, answer: Explanation
) -> dict[str, Any]:
    what = one.text.purposes.get(purpose)
    return {
        "tenant": one.tenant,
        "version": one.version,
        "role": role,
        "purpose": purpose,
        "category": category,
        "action": _word(answer.action),
        "refusal": answer.refusal,
        "decided": _rows(answer.decided),
        "required": answer.required,
        "overruled": _rows(answer.overruled),
        "legal_basis": what.legal_basis if what else (),
        "purpose_src": what.src if what else (),
    }


def _rows(lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [{"id": line.uid, "action": _word(line.action), "src": line.src} for line in lines]


def _word(action: int) -> str:
    return Action(action).name.lower()
