"""A group of commands that is itself a command: without a subcommand's name, the words go to the default one."""

from __future__ import annotations

from typing import Any

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

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:  # noqa: ANN401
        """The subcommand; the default one goes by the group's own name, which is what a user types."""
        name, command, rest = super().resolve_command(ctx, args)
        if name != self.default:
            return name, command, rest
        ctx.info_name, own = "", ctx.info_name
        return own, command, rest
