"""Explain syntax errors: line, column and cause, in plain words.

Oxigraph's parser reports the farthest character that it examined, and it looks ahead by the length of the keyword that it tries: up
to 14 characters beyond the mistake, often past correct tokens. So a query that fails is parsed again with its tokens so far apart
that no look-ahead reaches the next one; the token at which that fails is the wrong one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

from kg.sparql.lexer import token_at, tokens

REACH = 16  # spaces between two tokens: more than the longest keyword (ENCODE_FOR_URI) has characters
LONGEST = 64 * 1024  # longest query, in characters, that is parsed again
UPDATES = frozenset({"INSERT", "DELETE", "WITH", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"})
PREFIXED = re.compile(r"(?:[^\W\d_][\w\-]*)?:")
SHOWN = 40  # characters shown of a token
MOST = 6  # alternatives worth listing
POSITION = re.compile(r"(?:error )?at (\d+):(\d+): ")
APART = frozenset("{}(),;[]")
ALTERNATIVES = re.compile(r",? ?\[[^\]]*\]|expected (?:one of )?|, [A-Za-z_<>]+")
SENTENCE = re.compile(r"(?:^|, |one of |expected )([A-Z][a-z]*[A-Za-z ]* [a-z]+[A-Za-z ]*)")


def explain(text: str, message: str, parse: Callable[[str], object]) -> tuple[str, int | None, int | None]:
    """Explain why ``parse`` refuses a query with ``message``; with line and column (from 1; None if unknown).

    ``parse`` raises SyntaxError.
    """
    found = POSITION.search(message)
    if found is None:
        return message, None, None
    if len(text) > LONGEST:
        return _cause(message, ""), int(found[1]), int(found[2])
    wide, starts = _apart(text)
    try:
        parse(wide)
    except SyntaxError as error:
        message = str(error)
        found = POSITION.search(message) or found
        at, token = _token(text, starts, _index(wide, int(found[1]), int(found[2])))
        return _cause(message, token, text), *_place(text, at)
    return _cause(message, ""), int(found[1]), int(found[2])


def _apart(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Put spaces between the tokens of a query; return it with the position of each token before and after. Inseparable tokens stay
    together."""
    parts: list[str] = []
    starts: list[tuple[int, int]] = []
    size, joined = 0, False
    for kind, token, start in tokens(text):
        if kind == "space":
            joined = False
            parts.append(token)
        else:
            alone = token in APART
            if not joined or alone:
                parts.append("\n" + " " * REACH)
                size += REACH + 1
                starts.append((size, start))
            parts.append(token)
            joined = not alone
        size += len(token)
    starts.append((size + REACH + 1, len(text)))
    return "".join(parts) + "\n" + " " * REACH, starts


def _index(text: str, line: int, column: int) -> int:
    """Return the index in a text of a line and column."""
    start = 0
    for _ in range(line - 1):
        start = text.index("\n", start) + 1
    return start + column - 1


def _token(text: str, starts: list[tuple[int, int]], place: int) -> tuple[int, str]:
    """Return the token at a position of the widened text, with its original position."""
    number = bisect_right([there for there, _ in starts], place) - 1
    start = starts[max(number, 0)][1]
    return start, token_at(text, start)


def _place(text: str, at: int) -> tuple[int, int]:
    """Return the line and column of an index; lines end as in editors, with CR, LF or both."""
    lines = re.split(r"\r\n|\r|\n", text[:at])
    return len(lines), len(lines[-1]) + 1


def _cause(message: str, token: str, text: str = "") -> str:
    """Return what the parser found wrong at a token, without unhelpful details: character classes, keywords that it tried in vain."""
    told = " ".join(POSITION.sub("", message, count=1).split())
    shown = token if len(token) <= SHOWN else token[:SHOWN] + "…"
    sentence = SENTENCE.search(told)
    prefix = PREFIXED.match(token)
    if prefix and not re.search(rf"\bPREFIX\s*{re.escape(prefix[0])}", text, re.IGNORECASE):
        return f"the prefix {prefix[0]} is not declared"
    if sentence:
        return f"{sentence[1].strip()} ({shown})" if shown else sentence[1].strip()
    if token.upper() in UPDATES:
        return f"{token} begins an update; only queries are accepted"
    beginning = f"{shown} is not expected here" if shown else "the query ends too early"
    names = [name for name in re.split(r", (?=\")", ALTERNATIVES.sub("", told)) if name.startswith('"')]
    return f"{beginning}; expected {' or '.join(names)}" if 0 < len(names) <= MOST else beginning
