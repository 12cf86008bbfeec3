"""A group of commands that is itself a command: without a subcommand's name, the words go to the default one."""

from __future__ import annotations

import typer.core
from typer import Context


class WithDefault(typer.core.TyperGroup):
    """`yardwatch changes SITE` runs `changes show SITE`; `yardwatch changes verdict …` runs the subcommand."""

    default = "show"

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Put the default's name in front of words that name no subcommand."""
        if not args or args[0] not in self.commands:
            args = [self.default, *args]
        return super().parse_args(ctx, args)
