"""Completion for the shell: completion."""

import click

_LINES = {
    "bash": 'eval "$(_CONTESTED_COMPLETE=bash_source contested)"',
    "zsh": 'eval "$(_CONTESTED_COMPLETE=zsh_source contested)"',
    "fish": "_CONTESTED_COMPLETE=fish_source contested | source",
}


@click.command()
@click.argument("shell", type=click.Choice(tuple(_LINES)))
def completion(shell: str) -> None:
    """Print the line that completes commands.

    Put it into your shell's startup file.
    """
    click.echo(_LINES[shell])
