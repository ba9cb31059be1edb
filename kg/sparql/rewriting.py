"""Rewrite SPARQL queries: find their parameters, inline values for them, replace LIMIT and OFFSET, narrow variables.

Values are inlined rather than bound by the engine: Oxigraph (0.5.13) plans a query before it binds, as if any value could come, and
would read all events to answer for one state. ``Value.sparql`` ensures that no value can end its term.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from kg.sparql.lexer import Token, tokens

_CLAUSES = (["GROUP BY"], ["HAVING"], ["ORDER BY"], ["LIMIT"], ["OFFSET"], ["VALUES"])
PARAMETER = re.compile(r"[?$](_{1,2}[A-Za-z][A-Za-z0-9_]*)")


def parameter_names(query: str) -> tuple[str, ...]:
    """Return the variables of the query that are parameters (``_state_iri``, ``__from_date``), in order of appearance."""
    seen = dict.fromkeys(match[1] for t in tokens(query) if t.kind == "variable" and (match := PARAMETER.fullmatch(t.text)))
    return tuple(seen)


@dataclass(slots=True)
class _Select:
    """One SELECT, as token indices: its keyword, the braces of its WHERE clause, and the end of its scope."""

    start: int
    depth: int
    open: int = -1
    close: int = -1
    end: int = -1

    def brace_opened(self, i: int, depth: int) -> None:
        """Note the opening brace ``i``, in a group of this depth, if it begins the WHERE clause."""
        if self.open < 0 and self.depth == depth:
            self.open = i

    def brace_closed(self, i: int, depth: int) -> None:
        """Note the closing brace ``i``, back in a group of this depth, if it ends the WHERE clause or the scope."""
        if self.open >= 0 and self.close < 0 and self.depth == depth:
            self.close = i
        elif self.close >= 0 and self.end < 0 and self.depth > depth:
            self.end = i


def _selects(found: Sequence[Token]) -> list[_Select]:
    """Find every SELECT with the braces of its WHERE clause and its end (an enclosing brace, or the end of the query)."""
    selects: list[_Select] = []
    depth = 0
    for i, token in enumerate(found):
        if token.kind == "word" and token.text.upper() == "SELECT":
            selects.append(_Select(i, depth))
        elif token.kind == "punctuation" and token.text == "{":
            for select in selects:
                select.brace_opened(i, depth)
            depth += 1
        elif token.kind == "punctuation" and token.text == "}":
            depth -= 1
            for select in selects:
                select.brace_closed(i, depth)
    for select in selects:
        select.end = len(found) if select.end < 0 else select.end
    return selects


def _words(found: Iterable[Token]) -> list[str]:
    return [" ".join(t.text.upper().split()) for t in found if t.kind == "word"]


def _is_bound_test(found: Sequence[Token], i: int) -> bool:
    """Whether ``BOUND ( ?parameter )`` starts at token i (without skipping spaces)."""
    return (
        i + 3 < len(found)
        and found[i].text.upper() == "BOUND"
        and found[i + 1].text == "("
        and PARAMETER.fullmatch(found[i + 2].text) is not None
        and found[i + 3].text == ")"
    )


def inline(query: str, values: Mapping[str, str], *, shown: bool = True) -> str:
    """Return the query with values inlined. ``values`` maps parameter names to terms in SPARQL syntax (``str`` of a pyoxigraph term).

    Parameters among the columns of the answer stay there if ``shown``; otherwise only the query's own columns remain. Where the
    grammar requires a variable, the term is bound in parentheses (projection) or, since a constant neither orders nor groups,
    omitted (GROUP BY, ORDER BY). An inner SELECT binds it under another name, since the outer one could not bind the same name
    again.
    """
    return "".join(f"{before}{values[name]}{after}" if name else before for before, name, after in _pieces(query, frozenset(values), shown))


@lru_cache(maxsize=512)
def _pieces(query: str, names: frozenset[str], shown: bool) -> tuple[tuple[str, str, str], ...]:
    """Cut a query at these parameters: the text before each term, the parameter (none after the last), and the text after it.

    Cached, since pages run the same queries with different values.
    """
    found = list(tokens(query))
    bare: dict[int, tuple[str, str, str]] = {}
    for number, select in enumerate(_selects(found)):
        columns = _bare_variables(found, range(select.start, select.open), names)
        head = range(select.start + 1, select.open)
        others = any(found[i].kind in ("variable", "punctuation") and i not in columns for i in head)
        for i in columns:
            if others and not shown:
                bare[i] = "", "", ""
                continue
            name = found[i].text[1:]
            bare[i] = "(", name, f" AS ?{name}{f'_{number}' if select.depth else ''})"
        bare.update(dict.fromkeys(_idle(found, select, names), ("", "", "")))
    pieces: list[tuple[str, str, str]] = []
    i = 0
    while i < len(found):
        name = found[i].text[1:] if found[i].kind == "variable" else ""
        if _is_bound_test(found, i) and found[i + 2].text[1:] in names:
            pieces.append(("true", "", ""))
            i += 4
            continue
        pieces.append(bare[i] if i in bare else ("", name, "") if name in names else (found[i].text, "", ""))
        i += 1
    return tuple(_joined(pieces))


def _joined(pieces: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    """Merge segments so that each ends at a term, except for the last."""
    text = ""
    for before, name, after in pieces:
        if name:
            yield text + before, name, after
        text = "" if name else text + before
    yield text, "", ""


def _bare_variables(found: Sequence[Token], span: range, names: Collection[str]) -> list[int]:
    """Find the parameters outside all brackets in a part of the query."""
    depth, at = 0, []
    for i in span:
        token = found[i]
        if token.kind == "punctuation" and token.text in "()":
            depth += 1 if token.text == "(" else -1
        elif depth == 0 and token.kind == "variable" and token.text[1:] in names:
            at.append(i)
    return at


def _idle(found: Sequence[Token], select: _Select, names: Collection[str]) -> list[int]:
    """Find the parameters in GROUP BY and ORDER BY of one SELECT, which are constants there; with the keyword if nothing else is left."""
    heads = [i for i in range(select.close + 1, select.end) if _words(found[i : i + 1])[:1] in _CLAUSES]
    idle: list[int] = []
    for head, following in pairwise([*heads, select.end]):
        if _words(found[head : head + 1]) not in (["GROUP BY"], ["ORDER BY"]):
            continue
        span = range(head + 1, following)
        dropped = _bare_variables(found, span, names)
        if dropped and not any(found[i].kind != "space" and i not in dropped for i in span):
            dropped.append(head)
        idle += dropped
    return idle


def limited(query: str, limit: int, offset: int = 0) -> str:
    """Return the query with another LIMIT and OFFSET: in place of its first LIMIT, else at its end."""
    found = list(tokens(query))
    window = f"LIMIT {int(limit)} OFFSET {int(offset)}"
    for i, token in enumerate(found):
        if token.kind == "word" and token.text.upper() == "LIMIT":
            after = next(j for j in range(i + 1, len(found)) if found[j].kind != "space")
            return "".join(t.text for t in found[:i]) + window + "".join(t.text for t in found[after + 1 :])
    return query.rstrip() + f"\n{window}\n"


def among(query: str, variable: str, terms: Iterable[str]) -> str:
    """Return the query narrowed to some values of a variable, given as terms in SPARQL syntax.

    VALUES comes first in the outermost group, which decides, and in the innermost group that mentions the variable first, from
    which engines begin.
    """
    found = list(tokens(query))
    heads = {i for select in _selects(found) for i in range(select.start, select.open)}
    outermost, innermost, around = -1, -1, list[int]()
    for i, token in enumerate(found):
        if token.kind == "punctuation" and token.text == "{":
            around.append(i)
            outermost = i if outermost < 0 else outermost
        elif token.kind == "punctuation" and token.text == "}" and around:
            around.pop()
        elif innermost < 0 and around and token.kind == "variable" and token.text[1:] == variable and i not in heads:
            innermost = around[-1]
    values = f" VALUES ?{variable} {{ {' '.join(terms)} }} "
    return "".join(token.text + (values if i in (outermost, innermost) else "") for i, token in enumerate(found))
