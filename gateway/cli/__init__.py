"""The command ``sluicegate``. Each subcommand is loaded when it is called; errors become exit codes."""

import os
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

from detectors.kept import kept_in
from gateway.cli.cache import databases_folder
from gateway.cli.group import Group
from gateway.errors import SluicegateError

TRACEBACK = "SLUICEGATE_TRACEBACK"
INTERNAL_ERROR = 70  # EX_SOFTWARE

# name → (module:attribute, one line of help), so that --help loads none of them
COMMANDS = {
    "init": ("gateway.cli.setup:init", "Write a commented settings file."),
    "check": (
        "gateway.cli.setup:check",
        "Check settings, policies, models, keys, inputs and topics.",
    ),
    "keys": ("gateway.cli.keys:keys", "Make the key file of a tenant."),
    "topics": ("gateway.cli.topics:topics", "Plan or create the Kafka topics."),
    "run": ("gateway.cli.run:run", "Run the gateway."),
    "filter": ("gateway.cli.run:filter_", "Turn standard input into one view on standard output."),
    "land": ("gateway.cli.run:land", "Land the audit topic as Parquet segments."),
    "scan": ("gateway.cli.scan:scan", "Find personal data in JSON lines."),
    "rules": ("gateway.cli.rules:rules", "List, show, try, explain and prove the detection rules."),
    "policy": ("gateway.cli.policy:policy", "Show what a policy lets whom see."),
    "detokenize": ("gateway.cli.keys:detokenize", "Turn tokens back into values."),
    "quarantine": ("gateway.cli.quarantine:quarantine", "List, show and release rejected records."),
    "audit": ("gateway.cli.lake:audit", "Ask the audit trail in SQL."),
    "breach": ("gateway.cli.lake:breach", "Say who saw what of whom."),
    "corpus": ("gateway.cli.corpus:corpus", "Write generated events of five systems."),
    "demo": ("gateway.cli.demo:demo", "Show the whole path on generated events."),
}


class LazyGroup(Group):
    """Knows its commands by name and loads one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of work."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,
        cmd_name: str,
    ) -> click.Command | None:
        """Load a command, or return None where there is no such name."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(
        self,
        ctx: click.Context,
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the list of commands without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command. What the product reports goes to standard error, with its exit code."""
        try:
            return super().invoke(ctx)
        except SluicegateError as error:
            click.echo(f"sluicegate: {error}", err=True)
            ctx.exit(error.exit_code)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise  # click knows what to do
        except OSError as error:  # its message names a file and what the system says of it
            click.echo(f"sluicegate: {error}", err=True)
            ctx.exit(1)
        except Exception as error:
            if os.environ.get(TRACEBACK):
                raise
            _crash(ctx, error)


def _crash(ctx: click.Context, error: Exception) -> NoReturn:
    """End on an error that nobody foresaw. Its message may hold content: only its class is said."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    place = "" if at is None else f" at {Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}"
    click.echo(
        f"sluicegate: internal error: {type(error).__name__}{place}; "
        f"{TRACEBACK}=1 shows the whole, which may hold personal data",
        err=True,
    )
    ctx.exit(INTERNAL_ERROR)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="sluicegate")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Detect personal data in streams, show each reader only what their purpose allows.

    Every command that needs settings takes --settings FILE; sluicegate.toml is the default.
    """
    ctx.with_resource(kept_in(databases_folder()))
