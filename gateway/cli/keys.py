"""The commands about keys: make a tenant's key file, and turn tokens back into values."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from gateway.cli.group import Group
from gateway.cli.output import emit
from gateway.cli.settings import read_settings, settings_option
from gateway.errors import SealError
from gateway.tokens import Keyring, load_keys, make_keys

_CONTROLS = dict.fromkeys((*range(9), *range(10, 32), *range(127, 160)), "\ufffd")


@click.group(cls=Group)
def keys() -> None:
    """Make the key file of a tenant."""


@keys.command(epilog="Example: sluicegate keys new smiloai")
@click.argument("tenant")
@click.option("--out", type=click.Path(path_type=Path), help="Where; keys/<TENANT>.key by default.")
def new(tenant: str, out: Path | None) -> None:
    """Make the key file of TENANT, which only its owner may read. Never overwrites one."""
    path = out or Path("keys") / f"{tenant}.key"
    keyring = make_keys(tenant, path)
    click.echo(
        f"wrote {path}, key {keyring.id} of tenant {tenant}\n"
        "Keep a copy of it away from the lake: without it tokens and quarantined records stay\n"
        "closed, and the people in the vault are not found again. Name it in the settings:\n"
        f'  [keys]\n  {tenant} = "{path}"'
    )


@click.command()
@click.argument("tokens", nargs=-1)
@click.option("--tenant", default="", help="Whose tokens; may be left out where only one is set.")
@settings_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a token, for programs.")
def detokenize(tokens: tuple[str, ...], *, tenant: str, settings_path: Path, as_json: bool) -> None:
    """Turn TOKENS, or the lines of standard input, back into values, one a line.

    A token that cannot be opened leaves its line empty and is named on standard error; the exit
    code is 1 then. Control characters are shown as \ufffd; --json has them as they are.
    """
    keyring = _keyring(settings_path, tenant)
    lines = tokens or (line.strip() for line in click.get_text_stream("stdin"))
    failed = _open(keyring, lines, as_json=as_json)
    if failed:
        click.echo(f"sluicegate: {failed} could not be opened", err=True)
        sys.exit(1)


def _open(keyring: Keyring, tokens: Iterable[str], *, as_json: bool) -> int:
    failed = 0
    for number, token in enumerate(tokens, 1):
        code = value = None
        if token:
            try:
                code, value = keyring.detokenize(token)
            except SealError as error:
                failed += 1
                click.echo(f"sluicegate: token {number}: {error}", err=True)
        if as_json:
            answer = {"token": number, "category": code, "value": value}
            emit(answer)
        else:
            click.echo((value or "").translate(_CONTROLS))
    return failed


def _keyring(settings_path: Path, tenant: str) -> Keyring:
    known = read_settings(settings_path).keys
    if not tenant and len(known) == 1:
        tenant = next(iter(known))
    if tenant not in known:
        what = f"[keys] has no key of tenant {tenant}" if tenant else "whose tokens? give --tenant"
        raise click.UsageError(f"{what}; known: {', '.join(known) or 'none'}")
    return load_keys(known[tenant], tenant)
