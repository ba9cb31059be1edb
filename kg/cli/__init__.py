"""The command ``entente``. Each subcommand is a short module that imports its dependencies only when it runs."""

from __future__ import annotations

import io
import os
import sys
from importlib import import_module
from pathlib import Path

import click

from kg.errors import EntenteError

LOOP = "Symlink loop"  # the message of pathlib's RuntimeError up to Python 3.12
COMMANDS = {
    "build": "kg.cli.build",
    "serve": "kg.cli.serve",
    "mcp": "kg.cli.mcp",
    "query": "kg.cli.query",
    "export": "kg.cli.export",
    "check": "kg.cli.check",
    "diff": "kg.cli.diff",
    "builds": "kg.cli.kept_builds",
    "corrections": "kg.cli.corrections",
    "evaluate": "kg.cli.evaluate",
    "explain": "kg.cli.explain",
    "train": "kg.cli.train",
}


class Entente(click.Group):
    """Finds subcommands by name, and prints errors that users can correct in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the subcommands in the order in which they are needed."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        """Return the subcommand of this name."""
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[name]).command
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run a subcommand."""
        for stream in (sys.stdout, sys.stderr):  # unencodable characters are escaped rather than raising errors
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        try:
            return super().invoke(ctx)
        except EntenteError as error:
            message = str(error)
        except (UnicodeError, OverflowError, RecursionError, MemoryError) as error:
            message = f"{type(error).__name__}: {error or 'out of memory'}"
        except RuntimeError as error:
            if not str(error).startswith(LOOP):
                raise
            message = str(error)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        except OSError as error:
            message = said(error)
        except KeyboardInterrupt:
            click.echo("entente: interrupted; nothing was changed.", err=True)
            sys.exit(130)
        click.echo(f"entente: {visible(message)}", err=True)
        sys.exit(2)


def visible(text: str) -> str:
    """Escape control characters, which could manipulate the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)


def said(error: OSError) -> str:
    """Return an operating system error in words, with the file concerned."""
    reason = (error.strerror or str(error)).rstrip(".")
    return f"{error.filename}: {reason}." if error.filename else f"{reason}."


@click.group(cls=Entente, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="entente", prog_name="entente")
def main() -> None:
    """Turn encyclopedia articles on international relations into a knowledge graph, query it, and serve it."""


DATA = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data"),
    envvar="ENTENTE_DATA",
    show_default=True,
    show_envvar=True,
    help="The folder with the builds.",
)
