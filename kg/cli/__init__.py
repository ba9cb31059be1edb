"""The command ``entente``. Each command is a short module that imports what it runs only when it runs."""

from __future__ import annotations

import io
import os
import sys
from importlib import import_module
from pathlib import Path

import click

from kg.errors import EntenteError

LOOP = "Symlink loop"  # what pathlib raises as RuntimeError up to Python 3.12
COMMANDS = {
    "build": "kg.cli.build",
    "serve": "kg.cli.serve",
    "mcp": "kg.cli.mcp",
    "query": "kg.cli.query",
    "export": "kg.cli.export",
    "check": "kg.cli.check",
    "diff": "kg.cli.diff",
    "corrections": "kg.cli.corrections",
    "evaluate": "kg.cli.evaluate",
    "explain": "kg.cli.explain",
    "train": "kg.cli.train",
}


class Entente(click.Group):
    """Finds the commands by name, and says errors that people can mend in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The commands in the order in which one needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        """The command of this name."""
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[name]).command
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run a command."""
        for stream in (sys.stdout, sys.stderr):  # what cannot be encoded is shown escaped, never an error of its own
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        try:
            return super().invoke(ctx)
        except EntenteError as error:
            message = str(error)
        except (UnicodeError, OverflowError, RecursionError, MemoryError) as error:
            message = f"{type(error).__name__}: {error or 'no more is to be had'}"
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
    """A text for a terminal: control characters, which could direct it, are shown and not sent."""
    return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)


def said(error: OSError) -> str:
    """An error of the operating system in words, with the file that it is about."""
    reason = (error.strerror or str(error)).rstrip(".")
    return f"{error.filename}: {reason}." if error.filename else f"{reason}."


@click.group(cls=Entente, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="entente", prog_name="entente")
def main() -> None:
    """Turn encyclopedia articles on international relations into a knowledge graph, ask it, and serve it."""


DATA = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data"),
    envvar="ENTENTE_DATA",
    show_default=True,
    show_envvar=True,
    help="The folder that builds are kept in.",
)
