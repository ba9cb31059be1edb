"""Serve a toolbox by the official SDK of the Model Context Protocol (https://modelcontextprotocol.io): over HTTP and over pipes.

Over HTTP there are no sessions and no streams: each request is answered whole, and no state of a client is kept.
"""

from __future__ import annotations

import asyncio
import json
from contextvars import ContextVar
from importlib.metadata import version
from typing import Any

import anyio.to_thread
import mcp_types as types
from mcp.server import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings

from kg.errors import EntenteError
from server.assistants.toolbox import DOCUMENTS, Toolbox, said
from server.assistants.tools import INSTRUCTIONS

ROOT: ContextVar[str] = ContextVar("root")
"""The application's root as the client sees it."""
READ_ONLY = types.ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def mcp_server(toolbox: Toolbox, root: str) -> Server[Any]:
    """Create the protocol's server for a toolbox; ``root`` is the application's root unless ROOT overrides it."""

    async def list_tools(_context: object, _params: object) -> types.ListToolsResult:
        return types.ListToolsResult(
            tools=[
                types.Tool(name=t.name, title=t.title, description=t.description, input_schema=t.schema, annotations=READ_ONLY)
                for t in toolbox.tools.values()
            ]
        )

    async def call_tool(_context: object, params: types.CallToolRequestParams) -> types.CallToolResult:
        try:
            found = await anyio.to_thread.run_sync(toolbox.use, params.name, params.arguments or {}, ROOT.get(root))
        except EntenteError as error:
            return types.CallToolResult(content=[types.TextContent(type="text", text=said(error))], is_error=True)
        text = json.dumps(found, ensure_ascii=False, indent=1)
        return types.CallToolResult(content=[types.TextContent(type="text", text=text)], structured_content=found)

    async def list_resources(_context: object, _params: object) -> types.ListResourcesResult:
        return types.ListResourcesResult(
            resources=[types.Resource(uri=d.uri, name=d.name, description=d.description, mime_type=d.media_type) for d in DOCUMENTS]
        )

    async def read_resource(_context: object, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        document, text = toolbox.read(str(params.uri))
        return types.ReadResourceResult(contents=[types.TextResourceContents(uri=document.uri, mime_type=document.media_type, text=text)])

    return Server(
        "entente",
        title="Entente",
        version=version("entente"),
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_read_resource=read_resource,
    )


class HttpServer:
    """The protocol over HTTP, as an ASGI application for one event loop; it starts with its first request."""

    def __init__(self, toolbox: Toolbox, longest: int) -> None:
        """``longest`` is the largest request body in bytes."""
        self._manager = StreamableHTTPSessionManager(
            mcp_server(toolbox, "http://localhost/"),
            json_response=True,
            stateless=True,
            max_request_body_size=longest,
            # Every origin and host may use the endpoint as well, and nothing here depends on the client.
            security_settings=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )
        self._begun = asyncio.Event()
        self._ended = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any, root: str) -> None:
        """Answer one request of a client that sees the application at ``root``."""
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        await self._begun.wait()
        ROOT.set(root)
        await self._manager.handle_request(scope, receive, send)

    def close(self) -> None:
        """Stop the server."""
        self._ended.set()

    async def _run(self) -> None:
        async with self._manager.run():
            self._begun.set()
            await self._ended.wait()


def serve_pipes(toolbox: Toolbox, root: str) -> None:
    """Answer over standard input and output until the input ends."""

    async def run() -> None:
        server = mcp_server(toolbox, root)
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())

    anyio.run(run)
