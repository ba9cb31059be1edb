"""Parse wikitext to a tree of nodes with their offsets. With ``tree_builder``, the only place that knows mwparserfromhell."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mwparserfromhell.parser import CTokenizer, ParserError  # type: ignore[attr-defined]
from mwparserfromhell.parser.tokenizer import Tokenizer

from kg.wikitext.markup.nodes import Node, Text
from kg.wikitext.markup.pieces import Fault
from kg.wikitext.markup.tree_builder import END, TreeBuilder

# mwparserfromhell takes a zero character for the end of the text.
_NO_END = "\ue0ff"


def parse(
    text: str,
    offset: int = 0,
    masked: str | None = None,
    cuts: Sequence[int] = (),
    faults: list[Fault] | None = None,
) -> tuple[Node, ...]:
    """Parse wikitext to nodes, whose offsets are moved by ``offset``.

    ``masked`` is the text as mwparserfromhell is to see it, of the same length; it is parsed in the pieces that ``cuts`` divide it into.
    A piece that cannot be parsed is one text, and goes to ``faults``.
    """
    masked = (text if masked is None else masked).replace("\0", _NO_END)
    found: list[Node] = []
    for start, end in pairwise([0, *cuts, len(text)]):
        try:
            tokens = (CTokenizer or Tokenizer)().tokenize(masked[start:end], 0, True)
            found += TreeBuilder(tokens, text[start:end], offset + start).nodes(END)
        except (ParserError, RecursionError, LookupError, AttributeError) as error:
            found.append(Text(offset + start, offset + end, text[start:end]))
            if faults is not None:
                faults.append(Fault(offset + start, offset + end, type(error).__name__))
    return tuple(found)
