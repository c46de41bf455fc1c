"""A click group that imports a command's module only when the command is asked for."""

from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """`commands_at` says where each command is: name → "module:object" in this package, in the order of the help."""

    def __init__(self, *args: Any, commands_at: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commands_at = commands_at

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(self.commands_at)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in self.commands_at:
            return None
        module, _, command = self.commands_at[name].partition(":")
        found: click.Command = getattr(import_module(f"contested.cli.{module}"), command)
        return found
