"""The command line: the Python API with flags. Results go to stdout, everything else to stderr."""

import os
import sys
from collections.abc import Sequence

import click

from contested.cli.lazy import LazyGroup
from contested.cli.session import Session
from contested.errors import ContestedError

_COMMANDS = {
    "demo": "demo:demo",
    "init": "adding:init",
    "add": "adding:add",
    "extract": "extracting:extract",
    "assertions": "looking:assertions",
    "documents": "looking:documents",
    "parse": "parsing:parse",
    "dates": "dating:dates",
    "resolve": "resolving:resolve",
    "picture": "drawing:picture",
    "explain": "drawing:explain",
    "judge": "judging:judge",
    "review": "judging:review",
    "log": "history:log",
    "diff": "history:diff",
    "names": "naming:names",
    "serve": "serving:serve",
    "head": "heading:head",
    "stamps": "heading:stamps",
    "merge": "merging:merge",
    "verify": "checking:verify",
    "reindex": "checking:reindex",
    "remove": "removing:remove",
    "upgrade": "checking:upgrade",
    "codebooks": "checking:codebooks",
    "packs": "packing:packs",
    "export": "exporting:export",
    "completion": "completing:completion",
}
DONE, UNSOUND, INTERRUPTED = 0, 1, 130


@click.group(cls=LazyGroup, commands_at=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="contested", message="%(prog)s %(version)s")
@click.option("-C", "folder", metavar="DIR", envvar="CONTESTED_WORKSPACE", default=".", help="The workspace.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but results and errors.")
@click.option("-v", "--verbose", is_flag=True, help="Show where a defect of this program lies.")
@click.pass_context
def contested(context: click.Context, folder: str, quiet: bool, verbose: bool) -> None:
    """Track a war from public reporting: who says that who says what, in which words.

    Begin with `contested demo`. The workspace is -C DIR, $CONTESTED_WORKSPACE or the current folder.
    """
    context.obj = Session(folder, quiet=quiet, verbose=verbose)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command line and exit: 0 done, 1 a defect, 2 usage, 3 some inputs unreadable, 4 ledger fault, 5 a part
    missing, 130 interrupted."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code; every failure is told on stderr in a line."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = contested.main(words, prog_name="contested", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as fault:
        return _refuse(fault.format_message() + _hint(fault), fault.exit_code)
    except ContestedError as fault:
        return _refuse(str(fault), fault.exit_code)
    except (KeyboardInterrupt, click.Abort):
        return _refuse("interrupted. What was done is kept; run the same command again to go on", INTERRUPTED)
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as fault:
        return _refuse(f"{fault.filename or 'input/output'}: {fault.strerror or fault}", UNSOUND)
    except Exception as fault:
        if {"-v", "--verbose"} & set(words):
            raise
        return _refuse(f"{type(fault).__name__}: {fault}. This is a defect; -v shows where", UNSOUND)
    return code if isinstance(code, int) else DONE


def _hint(fault: click.ClickException) -> str:
    context = getattr(fault, "ctx", None)
    return f" See: {context.command_path} --help" if context else ""


def _refuse(message: str, code: int) -> int:
    from contested.write.table import printable

    for line in message.splitlines() or [""]:
        click.echo(f"contested: error: {printable(line)}", err=True)
    return code
