"""Completion for the shell: completion, and what it offers beside commands and options."""

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


def verdicts() -> tuple[str, ...]:
    """What may be said of an assertion."""
    from typing import get_args

    from contested.model import Verdict

    return get_args(Verdict)


def begun_verdicts(_context: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    """The verdicts that begin so."""
    return [verdict for verdict in verdicts() if verdict.startswith(begun)]


def kinds(_context: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    """The kinds of content that begin so."""
    from typing import get_args

    from contested.model import AnyContent

    tags = (str(content.__struct_config__.tag) for content in get_args(AnyContent))
    return [kind for kind in tags if kind.startswith(begun)]


def pictures(_context: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    """The pictures that come along and begin so."""
    from contested.derive import codebooks

    return [name for name in codebooks() if name.startswith(begun)]
