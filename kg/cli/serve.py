"""``entente serve``"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kg.cli import DATA
from server.settings import SETTINGS, Setting


def option(setting: Setting) -> click.Option:
    """Return a setting of the server as a command-line option."""
    flags = [setting.flag] if not isinstance(setting.default, bool) else [f"{setting.flag}/--no-{setting.flag[2:]}"]
    kind = None if isinstance(setting.default, bool) else str
    shown = f"{setting.help}.  [default: {setting.default if setting.default != '' else 'none'}]"
    return click.Option(flags, type=kind, default=None, help=shown)


@click.command("serve")
@DATA
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 for all.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="The port to listen on.")
def command(data: Path, host: str, port: int, **settings: Any) -> None:
    """Serve the graph: the SPARQL endpoint, the canned queries, the pages and the dumps. Each setting can also be given as
    ENTENTE_NAME.

    With --sparql-backend, serve the content of a remote SPARQL store; the data folder is not used.
    """
    from server.web.run import serve

    serve(data, host, port, settings, lambda address: click.echo(f"Entente answers at {address} (Ctrl-C stops it)"))


command.params.extend(option(setting) for setting in SETTINGS)
