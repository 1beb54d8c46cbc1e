"""A group of commands that says which one was probably meant."""

from difflib import get_close_matches

import click


class Group(click.Group):
    """A group as click has it; a name that it does not know is answered with those like it."""

    def resolve_command(
        self,
        ctx: click.Context,
        args: list[str],
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is meant, or end with what could be."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            names = self.list_commands(ctx)
            if like := get_close_matches(args[0], names):
                error.message += f" Did you mean {' or '.join(like)}?"
            else:
                error.message += f" There are {', '.join(names)}."
            raise
