"""A client in a process of its own, so that reading a flood does not slow the one who measures: ``attacker.py HOST PORT SECONDS < QUERY``
(the time that the query asks for).

Prints how the query ended ("broken" or the status) and after how many seconds.
"""

from __future__ import annotations

import http.client
import os
import sys
import time


def main() -> None:
    """Send the query, take what comes, throw it away; with low priority, as others' machines would not take our processor."""
    os.nice(15)
    host, port = sys.argv[1], int(sys.argv[2])
    query = sys.stdin.buffer.read()
    began = time.monotonic()
    connection = http.client.HTTPConnection(host, port, timeout=60)
    connection.request("POST", f"/sparql?timeout={sys.argv[3]}", query, {"Content-Type": "application/sparql-query"})
    try:
        response = connection.getresponse()
        while response.read(1 << 18):
            pass
        ended = str(response.status)
    except (http.client.HTTPException, OSError):
        ended = "broken"
    print(ended, time.monotonic() - began)


if __name__ == "__main__":
    main()
