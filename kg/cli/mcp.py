"""``entente mcp``"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kg.cli import DATA
from kg.cli.serve import option
from server.settings import SETTINGS

TAKEN = ("query_timeout", "page_timeout", "query_memory", "sparql_backend", "public_url")


@click.command("mcp")
@DATA
def command(data: Path, **settings: Any) -> None:
    """Answer an assistant over standard input and output (Model Context Protocol): search, entities, canned queries, SPARQL.

    Configure the assistant to start this command. A server answers the same at /mcp. --public-url is the address of the pages that
    answers link to.
    """
    from server.assistants.toolbox import Toolbox, require_sdk

    require_sdk()
    from server import create_app
    from server.assistants.mcp_server import serve_pipes

    app = create_app(data, access_log=False, **settings)
    try:
        serve_pipes(Toolbox(app), f"{(settings['public_url'] or 'http://127.0.0.1:8080').rstrip('/')}/")
    finally:
        app.extensions["entente.engine"].close()


command.params.extend(option(setting) for setting in SETTINGS if setting.name in TAKEN)
