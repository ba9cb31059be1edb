"""The signs of markup in a text, one after the other."""

from __future__ import annotations

import re

ANGLE = re.compile(r"[<>]")
# What may occur inside a tag and is not part of its attributes.
INSIDE = r"<(?:/?(?:nowiki|noinclude|includeonly|onlyinclude)\s*+/?|!--(?:[^<>-]++|-(?!->))*+--)>"
_QUOTED = r'"(?:[^"<>\n]++|<(?!/|ref\b)[^"<>\n]*+>?+)*+"'
# Every alternative begins with a distinct character, so that the search skips text without trying each.
_SIGNS = re.compile(
    r"<(?P<comment>!--)"
    r"|</(?P<cut>[A-Za-z][A-Za-z0-9]*+)\s*+(?P<end>>)?"
    rf"|<(?P<name>[A-Za-z][A-Za-z0-9]*+)(?=[\s/>])(?P<tag>(?:[^<>\"]++|{_QUOTED}|\"|{INSIDE})*+)>"
    r"|<(?P<angle>(?:<(?=<))*+)"
    r"|\{(?P<braces>\{++)"
    r"|\}(?P<closing>\}++)"
    r"|\[(?P<brackets>\[*+)"
    r"|\](?P<ends>\]*+)"
    r"|\|[ \t]*+(?:link|alt)[ \t]*+=[^|\[\]{}\n:]*+(?P<option>:)//"
    r"|:(?P<address>)//"
    r"|\|(?P<cell>\|)"
    r"|!(?P<exclamations>!)"
    r"|\n(?P<line>)(?=[ \t:]*+[{|!=]|[*#:;]{16})"
)
# The same at the beginning of a line.
_LINE = re.compile(
    r"(?P<table>[ \t:]*+\{\|)"
    r"|(?P<table_end>[ \t]*+\|\}(?!\}))"
    r"|(?P<heading>=(?=[^\n]*=[ \t]*(?:<!--|$)))"
    r"|(?P<no_heading>=++)"
    r"|[*#:;]{16}(?P<markers>[*#:;]++)"
    r"|(?P<cell>[ \t]*+[|!])",
    re.MULTILINE,
)


def first_sign(text: str) -> re.Match[str] | None:
    """Return the first sign of a text; the name of its last group tells its kind."""
    return _LINE.match(text) or next_sign(text, 0)


def next_sign(text: str, place: int) -> re.Match[str] | None:
    """Return the next sign from ``place`` on."""
    while (match := _SIGNS.search(text, place)) and match.lastgroup == "line":
        if at_line := _LINE.match(text, match.end()):
            return at_line
        place = match.end()
    return match
