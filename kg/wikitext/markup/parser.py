"""The one place that knows mwparserfromhell: its tokens to a tree of nodes with their offsets.

mwparserfromhell's own tree has no offsets. Its tokens, in the order of the text, say of every sign that they stand for, so
offsets are counted while the tree is built from them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from mwparserfromhell.parser import CTokenizer, ParserError  # type: ignore[attr-defined]
from mwparserfromhell.parser import tokens as mw
from mwparserfromhell.parser.tokenizer import Tokenizer

from kg.wikitext.markup.characters import decode
from kg.wikitext.markup.nodes import Character, External, Heading, Hidden, Link, Node, Parameter, Tag, Template, Text
from kg.wikitext.markup.pieces import Fault

# mwparserfromhell takes a zero character for the end of the text.
_NO_END = "\ue0ff"
_Stops = frozenset[type]
_TEXT = mw.Text
_END: _Stops = frozenset()
_TEMPLATE = frozenset({mw.TemplateParamSeparator, mw.TemplateClose})
_PARAMETER = frozenset({mw.TemplateParamEquals, mw.TemplateParamSeparator, mw.TemplateClose})
_ARGUMENT = frozenset({mw.ArgumentSeparator, mw.ArgumentClose})
_LINK = frozenset({mw.WikilinkSeparator, mw.WikilinkClose})
_EXTERNAL = frozenset({mw.ExternalLinkSeparator, mw.ExternalLinkClose})
_HEADING = frozenset({mw.HeadingEnd})
_COMMENT = frozenset({mw.CommentEnd})
_TAG = frozenset({mw.TagAttrStart, mw.TagCloseOpen, mw.TagCloseSelfclose})
_ATTRIBUTE = _TAG | {mw.TagAttrEquals, mw.TagAttrQuote}
_CONTENT = frozenset({mw.TagOpenClose})
_CLOSING = frozenset({mw.TagCloseClose})


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
            found += _Builder(tokens, text[start:end], offset + start).nodes(_END)
        except (ParserError, RecursionError, LookupError, AttributeError) as error:
            found.append(Text(offset + start, offset + end, text[start:end]))
            if faults is not None:
                faults.append(Fault(offset + start, offset + end, type(error).__name__))
    return tuple(found)


class _Builder:
    """Builds nodes from tokens; ``at`` is the offset of the next one."""

    def __init__(self, tokens: list[Any], source: str, offset: int) -> None:
        self.tokens = tokens
        self.next = 0
        self.source = source
        self.offset = offset
        self.at = offset

    def nodes(self, stops: _Stops) -> tuple[Node, ...]:
        """The nodes up to a token of the kinds in ``stops``, which is left."""
        found: list[Node] = []
        tokens = self.tokens
        while self.next < len(tokens):
            token = tokens[self.next]
            kind = type(token)
            if kind is _TEXT:
                found.append(self._text(token))
            elif kind in stops:
                break
            else:
                self.next += 1
                found.append(_BUILDERS[kind](self, token))
        return tuple(found)

    def _text(self, token: Any) -> Text:
        start = self.at
        self.at = end = start + len(token["text"])
        self.next += 1
        return Text(start, end, self.source[start - self.offset : end - self.offset])

    def text(self, stops: _Stops) -> str:
        """The source up to a token of the kinds in ``stops``, which is left."""
        start = self.at
        if type(token := self.tokens[self.next]) is _TEXT and type(self.tokens[self.next + 1]) in stops:
            return self._text(token).text
        self.nodes(stops)
        return self.since(start)

    def since(self, start: int) -> str:
        """The source from ``start`` to here."""
        return self.source[start - self.offset : self.at - self.offset]

    def take(self, length: int = 0) -> Any:
        """The next token, which stands for ``length`` characters."""
        token = self.tokens[self.next]
        self.next += 1
        self.at += length
        return token

    def follows(self, kind: type) -> bool:
        """Whether the next token is of a kind."""
        return type(self.tokens[self.next]) is kind

    def unwritten(self, stops: _Stops) -> str:
        """The text of tokens that stand for nothing in the source (the names of tags in wiki markup)."""
        text = ""
        while type(token := self.tokens[self.next]) not in stops:
            text += token.get("text") or ""
            self.next += 1
        return text

    def template(self, _token: Any) -> Node:
        """``{{name|parameters}}``."""
        start = self.at
        self.at += 2
        name = self.text(_TEMPLATE)
        parameters: list[Parameter] = []
        number = 1
        while self.follows(mw.TemplateParamSeparator):
            parameter = self._parameter(number)
            parameters.append(parameter)
            number += not parameter.named
        self.take(2)
        return Template(start, self.at, name, tuple(parameters))

    def _parameter(self, number: int) -> Parameter:
        self.take(1)
        begin = self.at
        name = ""
        named = False
        value = self._value()
        while self.follows(mw.TemplateParamEquals):
            named, name = True, self.since(begin).strip()
            self.take(1)
            begin = self.at
            value = self._value()
        return Parameter(name if named else str(number), named, begin, self.at, value, self.since(begin))

    def _value(self) -> tuple[Node, ...]:
        """The nodes of a parameter's name or value, most of which are one text."""
        if type(token := self.tokens[self.next]) is _TEXT and type(self.tokens[self.next + 1]) in _PARAMETER:
            return (self._text(token),)
        return self.nodes(_PARAMETER)

    def argument(self, _token: Any) -> Node:
        """``{{{name|default}}}``."""
        start = self.at
        self.at += 3
        self.nodes(_ARGUMENT)
        while self.follows(mw.ArgumentSeparator):
            self.take(1)
            self.nodes(_ARGUMENT)
        self.take(3)
        return Hidden(start, self.at, "template parameter")

    def link(self, _token: Any) -> Node:
        """``[[target|label]]``."""
        start = self.at
        self.at += 2
        target = self.text(_LINK)
        label = None
        while self.follows(mw.WikilinkSeparator):
            self.take(1)
            label = self.nodes(_LINK)
        self.take(2)
        return Link(start, self.at, target, label)

    def external(self, token: Any) -> Node:
        """``[url label]``, or a bare URL."""
        start = self.at
        bracket = 1 if token.get("brackets") else 0
        self.at += bracket
        url = self.text(_EXTERNAL)
        label = None
        while self.follows(mw.ExternalLinkSeparator):
            separator = self.take()
            self.at += 0 if separator.get("suppress_space") else 1
            label = self.nodes(_EXTERNAL)
        self.take(bracket)
        return External(start, self.at, url, label)

    def entity(self, _token: Any) -> Node:
        """``&nbsp;``."""
        start = self.at
        self.at += 1
        while not self.follows(mw.HTMLEntityEnd):
            token = self.take()
            self.at += len(token.get("text") or token.get("char") or "#")
        self.take(1)
        return Character(start, self.at, decode(self.since(start)))

    def heading(self, token: Any) -> Node:
        """``== title ==``."""
        start = self.at
        self.at += token["level"]
        title = self.nodes(_HEADING)
        self.take(token["level"])
        return Heading(start, self.at, token["level"], title)

    def comment(self, _token: Any) -> Node:
        """``<!-- … -->``."""
        start = self.at
        self.at += 4
        self.nodes(_COMMENT)
        self.take(3)
        return Hidden(start, self.at, "comment")

    def tag(self, token: Any) -> Node:
        """An HTML tag, or wiki markup for one."""
        start = self.at
        markup = token.get("wiki_markup") or ""
        self.at += len(markup) or (2 if token.get("invalid") else 1)
        name = (self.unwritten(_TAG) if markup else self.text(_TAG)).strip().lower()
        attributes: dict[str, str] = {}
        places: dict[str, int] = {}
        while self.follows(mw.TagAttrStart):
            key, value, place = self._attribute()
            attributes.setdefault(key, value)
            places.setdefault(key, place)
        token = self.take()
        self.at += len(token.get("padding") or "")
        if isinstance(token, mw.TagCloseSelfclose):
            self.at += 0 if markup else 1 if token.get("implicit") else 2
            return Tag(start, self.at, name, attributes, None, markup, self.at, places)
        self.at += len(token.get("wiki_markup") or "") if markup else 1
        begin = self.at
        children = self.nodes(_CONTENT)
        self._closing_tag(markup)
        return Tag(start, self.at, name, attributes, children, markup, begin, places)

    def _closing_tag(self, markup: str) -> None:
        token = self.take()
        if markup:
            self.at += len(token.get("wiki_markup") or "")
            self.unwritten(_CLOSING)
            self.take()
        else:
            self.at += 2
            self.nodes(_CLOSING)
            self.take(1)

    def _attribute(self) -> tuple[str, str, int]:
        token = self.take()
        self.at += len(token.get("pad_first") or "")
        name = self.text(_ATTRIBUTE).strip().lower()
        self.at += len(token.get("pad_before_eq") or "")
        if not self.follows(mw.TagAttrEquals):
            return name, "", self.at
        self.take(1)
        self.at += len(token.get("pad_after_eq") or "")
        quote = self.take()["char"] if self.follows(mw.TagAttrQuote) else ""
        self.at += len(quote)
        place = self.at
        value = self.text(_TAG)
        self.at += len(quote)
        return name, value, place


_BUILDERS: dict[type, Callable[[_Builder, Any], Node]] = {
    mw.TemplateOpen: _Builder.template,
    mw.ArgumentOpen: _Builder.argument,
    mw.WikilinkOpen: _Builder.link,
    mw.ExternalLinkOpen: _Builder.external,
    mw.HTMLEntityStart: _Builder.entity,
    mw.HeadingStart: _Builder.heading,
    mw.CommentStart: _Builder.comment,
    mw.TagOpenOpen: _Builder.tag,
}
