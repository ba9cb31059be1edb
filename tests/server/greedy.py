"""A client that asks for much at once, from an address of its own: ``greedy.py HOST PORT COUNT PATH`` (a number takes the place of {}).

Goes on until it is killed, with low priority, as others' machines would not take our processor.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys

ADDRESS = "127.0.0.2"
PAUSE = 0.05  # seconds after a refusal


async def ask_on(host: str, port: int, path: str, numbers: itertools.count[int]) -> None:
    """Ask, read the answer, and ask again."""
    while True:
        try:
            reader, writer = await asyncio.open_connection(host, port, local_addr=(ADDRESS, 0))
            request = f"GET {path.format(next(numbers))} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
            writer.write(request.encode())
            head = await reader.read(1 << 16)
            while await reader.read(1 << 18):
                pass
            writer.close()
        except OSError:
            head = b""
        if b" 200 " not in head[:16]:
            await asyncio.sleep(PAUSE)


async def main() -> None:
    """All of them at once."""
    os.nice(15)
    host, port, count, path = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    numbers = itertools.count(os.getpid() * 1_000_000)
    await asyncio.gather(*(ask_on(host, port, path, numbers) for _ in range(count)))


if __name__ == "__main__":
    asyncio.run(main())
