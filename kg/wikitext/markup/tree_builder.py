"""Build a tree of nodes with their offsets from mwparserfromhell's tokens.

mwparserfromhell's own tree has no offsets. Its tokens, in the order of the text, say of every sign that they stand for, so
offsets are counted while the tree is built from them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mwparserfromhell.parser import tokens as mw

from kg.wikitext.markup.characters import decode
from kg.wikitext.markup.nodes import Character, External, Heading, Hidden, LinkNode, Node, Parameter, Tag, Template, Text

_Stops = frozenset[type]
# The attributes of the tags without any, which are nearly all; never written to.
_NOTHING: dict[str, Any] = {}
_TEXT = mw.Text
_PARAMETER_SEPARATOR = mw.TemplateParamSeparator
_PARAMETER_EQUALS = mw.TemplateParamEquals
_LINK_SEPARATOR = mw.WikilinkSeparator
END: _Stops = frozenset()
"""The kinds of tokens that end a whole text: none."""
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


class TreeBuilder:
    """Builds nodes from tokens; ``at`` is the offset of the next one."""

    def __init__(self, tokens: list[Any], source: str, offset: int) -> None:
        self.tokens = tokens
        self.next = 0
        self.source = source
        self.offset = offset
        self.at = offset

    def nodes(self, stops: _Stops) -> tuple[Node, ...]:
        """Return the nodes up to the next token of a kind in ``stops``, which is not consumed."""
        found: list[Node] = []
        tokens, count = self.tokens, len(self.tokens)
        source, offset = self.source, self.offset
        while self.next < count:
            token = tokens[self.next]
            kind = type(token)
            if kind is _TEXT:
                start = self.at
                self.at = end = start + len(token["text"])
                self.next += 1
                found.append(Text(start, end, source[start - offset : end - offset]))
            elif kind in stops:
                break
            else:
                self.next += 1
                found.append(_BUILDERS[kind](self, token))
        return tuple(found)

    def inside(self, stops: _Stops) -> tuple[Node, ...]:
        """As ``nodes``, but faster for a single text, the usual content of links, arguments and tags."""
        if type(token := self.tokens[self.next]) is not _TEXT or type(self.tokens[self.next + 1]) not in stops:
            return self.nodes(stops)
        start = self.at
        self.at = end = start + len(token["text"])
        self.next += 1
        return (Text(start, end, self.source[start - self.offset : end - self.offset]),)

    def text(self, stops: _Stops) -> str:
        """The source up to a token of the kinds in ``stops``, which is left."""
        start = self.at
        if type(token := self.tokens[self.next]) is _TEXT and type(self.tokens[self.next + 1]) in stops:
            self.at += len(token["text"])
            self.next += 1
        else:
            self.nodes(stops)
        return self.source[start - self.offset : self.at - self.offset]

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
        tokens, place = self.tokens, self.next
        if type(tokens[place]) is _TEXT and type(tokens[place + 1]) in stops:
            self.next = place + 1
            return tokens[place]["text"]  # type: ignore[no-any-return]
        text = ""
        while type(token := tokens[place]) not in stops:
            text += token.get("text") or ""
            place += 1
        self.next = place
        return text

    def template(self, _token: Any) -> Node:
        """``{{name|parameters}}``."""
        start = self.at
        self.at += 2
        name = self.text(_TEMPLATE)
        parameters: list[Parameter] = []
        number = 1
        while type(self.tokens[self.next]) is _PARAMETER_SEPARATOR:
            parameter = self._parameter(number)
            parameters.append(parameter)
            number += not parameter.named
        self.next += 1
        self.at += 2
        return Template(start, self.at, name, tuple(parameters))

    def _parameter(self, number: int) -> Parameter:
        self.next += 1
        self.at += 1
        begin = self.at
        name = ""
        named = False
        value = self.inside(_PARAMETER)
        while type(self.tokens[self.next]) is _PARAMETER_EQUALS:
            named, name = True, self.since(begin).strip()
            self.next += 1
            self.at += 1
            begin = self.at
            value = self.inside(_PARAMETER)
        return Parameter(name if named else str(number), named, begin, self.at, value, self.since(begin))

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
        while type(self.tokens[self.next]) is _LINK_SEPARATOR:
            self.next += 1
            self.at += 1
            label = self.inside(_LINK)
        self.next += 1
        self.at += 2
        return LinkNode(start, self.at, target, label)

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
        if markup := token.get("wiki_markup"):
            return self._markup(markup)
        start = self.at
        self.at += 2 if token.get("invalid") else 1
        name = self.text(_TAG).strip().lower()
        attributes = places = _NOTHING
        if type(self.tokens[self.next]) is mw.TagAttrStart:
            attributes, places = self._attributes()
        token = self.tokens[self.next]
        self.next += 1
        self.at += len(token.get("padding") or "")
        if type(token) is mw.TagCloseSelfclose:
            self.at += 1 if token.get("implicit") else 2
            return Tag(start, self.at, name, attributes, None, "", self.at, places)
        self.at += 1
        begin = self.at
        children = self.inside(_CONTENT)
        self.next += 1
        self.at += 2
        self.text(_CLOSING)
        self.take(1)
        return Tag(start, self.at, name, attributes, children, "", begin, places)

    def _markup(self, markup: str) -> Node:
        """Wiki markup for a tag, whose name is not in the source."""
        start = self.at
        self.at += len(markup)
        name = self.unwritten(_TAG)
        attributes = places = _NOTHING
        if type(self.tokens[self.next]) is mw.TagAttrStart:
            attributes, places = self._attributes()
        token = self.tokens[self.next]
        self.next += 1
        if padding := token.get("padding"):
            self.at += len(padding)
        if type(token) is mw.TagCloseSelfclose:
            return Tag(start, self.at, name, attributes, None, markup, self.at, places)
        if sign := token.get("wiki_markup"):
            self.at += len(sign)
        begin = self.at
        children = self.inside(_CONTENT)
        if sign := self.tokens[self.next].get("wiki_markup"):
            self.at += len(sign)
        self.next += 1
        self.unwritten(_CLOSING)
        self.next += 1
        return Tag(start, self.at, name, attributes, children, markup, begin, places)

    def _attributes(self) -> tuple[dict[str, str], dict[str, int]]:
        """A tag's attributes, and where their values begin; the first of a name counts."""
        attributes: dict[str, str] = {}
        places: dict[str, int] = {}
        while self.follows(mw.TagAttrStart):
            key, value, place = self._attribute()
            attributes.setdefault(key, value)
            places.setdefault(key, place)
        return attributes, places

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


_BUILDERS: dict[type, Callable[[TreeBuilder, Any], Node]] = {
    mw.TemplateOpen: TreeBuilder.template,
    mw.ArgumentOpen: TreeBuilder.argument,
    mw.WikilinkOpen: TreeBuilder.link,
    mw.ExternalLinkOpen: TreeBuilder.external,
    mw.HTMLEntityStart: TreeBuilder.entity,
    mw.HeadingStart: TreeBuilder.heading,
    mw.CommentStart: TreeBuilder.comment,
    mw.TagOpenOpen: TreeBuilder.tag,
}
