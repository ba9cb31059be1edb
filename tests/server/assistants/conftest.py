"""A server of the gold annotations' graph, and clients of the Model Context Protocol's own SDK."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
import requests

from tests.server.running import ROOT, Running, serving

pytest.importorskip("mcp", reason="the SDK of the Model Context Protocol is not installed")
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client


@pytest.fixture(scope="session")
def embassy(gold_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server with default settings that has imported the SDK: on a busy machine, that takes longer than a client waits."""
    with serving(gold_data, tmp_path_factory.mktemp("log") / "log", waiting_time=20) as running:
        requests.post(running.url + "mcp", data="{}", timeout=120)
        yield running


@pytest.fixture(scope="session")
def use(embassy: Running) -> Callable[..., Any]:
    """Call a tool over HTTP; return the JSON of its answer, or the text of its error as a string."""

    def call(tool: str, /, **arguments: object) -> Any:
        async def run() -> Any:
            async with Client(embassy.url + "mcp") as client:
                return await client.call_tool(tool, arguments)

        result = anyio.run(run)
        if result.is_error:
            return result.content[0].text
        assert json.loads(result.content[0].text) == result.structured_content
        return result.structured_content

    return call


def over_pipes(data: Path) -> Client:
    """Yield a client that starts ``entente mcp`` as an assistant does."""
    program = "from kg.cli import main; main(prog_name='entente')"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return Client(
        stdio_client(StdioServerParameters(command=sys.executable, args=["-c", program, "mcp", "--data", str(data)], env=environment))
    )
