"""Convert a parsed Doc to plain Python objects, which are faster for rules that visit the same tokens repeatedly.

spaCy creates a Token anew at every access and looks its strings up in the vocabulary each time; here all of it is read once. The
classes have those members of spaCy's Doc, Span and Token that our rules use, under the same names (https://spacy.io/api/token), so
that a rule is written for spaCy and runs on either. Words of one Doc are the same objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast, overload

from spacy.attrs import DEP, HEAD, IDX, LEMMA, LOWER, ORTH, POS, SPACY, TAG
from spacy.strings import StringStore
from spacy.tokens import Doc

if TYPE_CHECKING:
    from spacy.tokens import MorphAnalysis, Span

    from kg.language.encoder import Proposition
    from kg.language.reading import Reading

EXTENSION = "._.", "propositions", None, None
"""The key of ``Doc._.propositions`` in ``Doc.user_data``."""


class PlainToken:
    """A word. ``lemma_``, ``pos_`` and ``tag_`` may be set; the source Doc stays as it was."""

    __slots__ = ("children", "dep_", "doc", "head", "i", "idx", "lemma_", "lower_", "pos_", "tag_", "text", "whitespace_")

    i: int
    idx: int
    text: str
    whitespace_: str
    lower_: str
    lemma_: str
    pos_: str
    tag_: str
    dep_: str
    head: PlainToken
    children: list[PlainToken]
    doc: PlainDoc

    def __len__(self) -> int:
        return len(self.text)

    def __repr__(self) -> str:
        return self.text

    @property
    def text_with_ws(self) -> str:
        """The word with its trailing space, if any."""
        return self.text + self.whitespace_

    @property
    def subtree(self) -> list[PlainToken]:
        """The word and its descendants, in the order of ``Token.subtree``."""
        found: list[PlainToken] = []
        self._gather(found)
        return found

    def _gather(self, found: list[PlainToken]) -> None:
        before = True
        for child in self.children:
            if before and child.i > self.i:
                found.append(self)
                before = False
            child._gather(found)
        if before:
            found.append(self)

    @property
    def ancestors(self) -> Iterator[PlainToken]:
        """The word's head, the head's head and so on."""
        node = self
        while node.head is not node:
            node = node.head
            yield node

    @property
    def left_edge(self) -> PlainToken:
        """The first word of the subtree."""
        return self.doc[self.doc.source[self.i].left_edge.i]

    @property
    def sent(self) -> PlainSpan:
        """The sentence that contains the word."""
        sentence = self.doc.source[self.i].sent
        return PlainSpan(self.doc, sentence.start, sentence.end)

    @property
    def morph(self) -> MorphAnalysis:
        """The word's morphological features."""
        return self.doc.source[self.i].morph

    @property
    def like_num(self) -> bool:
        """Whether the word is a number in digits or letters."""
        return bool(self.doc.source[self.i].like_num)

    def nbor(self, distance: int = 1) -> PlainToken:
        """Return the word at a distance from this one. Raises IndexError if there is none."""
        if not 0 <= self.i + distance < len(self.doc):
            raise IndexError(f"no word {distance} places from {self.i}")
        return self.doc[self.i + distance]


class PlainSpan:
    """The words ``doc[start:end]``."""

    __slots__ = ("doc", "end", "start")

    def __init__(self, doc: PlainDoc, start: int, end: int) -> None:
        self.doc, self.start, self.end = doc, start, end

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[PlainToken]:
        return iter(self.doc.tokens[self.start : self.end])

    def __getitem__(self, index: int) -> PlainToken:
        return self.doc.tokens[self.start : self.end][index]

    @property
    def text(self) -> str:
        """The text of the words."""
        words = self.doc.tokens[self.start : self.end]
        return self.doc.text[words[0].idx : words[-1].idx + len(words[-1].text)] if words else ""

    @property
    def root(self) -> PlainToken:
        """The word on which the others depend."""
        if self.end - self.start == 1:
            return self.doc.tokens[self.start]
        return self.doc[self.doc.source[self.start : self.end].root.i]


class PlainDoc:
    """A parsed passage. ``source`` is the spaCy Doc, ``strings`` a cache of its vocabulary."""

    __slots__ = ("source", "text", "tokens", "user_data")

    def __init__(self, source: Doc, strings: Strings) -> None:
        self.source = source
        self.user_data: dict[Any, Any] = source.user_data
        self.tokens = _tokens(self, strings)
        self.text = "".join([token.text + token.whitespace_ for token in self.tokens])

    def __len__(self) -> int:
        return len(self.tokens)

    def __iter__(self) -> Iterator[PlainToken]:
        return iter(self.tokens)

    @overload
    def __getitem__(self, index: int) -> PlainToken: ...

    @overload
    def __getitem__(self, index: slice) -> PlainSpan: ...

    def __getitem__(self, index: int | slice) -> PlainToken | PlainSpan:
        if isinstance(index, slice):
            start, end, _ = index.indices(len(self.tokens))
            return PlainSpan(self, start, max(start, end))
        return self.tokens[index]

    def char_span(self, start: int, end: int, **options: Any) -> PlainSpan | None:
        """Return the words covered by the characters ``start:end``, as ``Doc.char_span`` does."""
        span = self.source.char_span(start, end, **options)
        return None if span is None else PlainSpan(self, span.start, span.end)

    @property
    def ents(self) -> Sequence[Span]:
        """The names found by the encoder."""
        return self.source.ents


class Strings(dict[int, str]):
    """The strings of a vocabulary by hash, each looked up once."""

    def __init__(self, store: StringStore) -> None:
        super().__init__()
        self._store = store

    def __missing__(self, key: int) -> str:
        found = self[key] = self._store[key]
        return found


def plain(reading: Reading) -> Reading:
    """Return a reading with plain Docs instead of spaCy's; unchanged if it has them already."""
    docs = [passage.doc for passage in reading.passages]
    if not docs or isinstance(docs[0], PlainDoc):
        return reading
    return replace(reading, passages=tuple(replace(p, doc=doc) for p, doc in zip(reading.passages, plain_docs(docs), strict=True)))


def propositions_of(doc: Doc) -> Sequence[Proposition]:
    """Return the propositions of a parsed passage; empty if its reader provides none."""
    data: dict[object, Sequence[Proposition]] = doc.user_data  # type: ignore[assignment]
    return data.get(EXTENSION) or ()


def plain_docs(docs: Iterable[Doc]) -> list[Doc]:
    """Convert Docs of one vocabulary to plain ones, which rules use like spaCy's."""
    strings: Strings | None = None
    found = []
    for doc in docs:
        strings = strings or Strings(doc.vocab.strings)
        found.append(cast("Doc", PlainDoc(doc, strings)))
    return found


def _tokens(doc: PlainDoc, strings: Strings) -> list[PlainToken]:
    source = doc.source
    tokens = [PlainToken() for _ in range(len(source))]
    rows = source.to_array([ORTH, LOWER, LEMMA, POS, TAG, DEP]).tolist()
    links = source.to_array([IDX, HEAD, SPACY]).astype("int64").tolist()
    for i, (token, (orth, lower, lemma, pos, tag, dep), (at, head, space)) in enumerate(zip(tokens, rows, links, strict=True)):
        token.i, token.idx, token.doc, token.children = i, at, doc, []
        token.text, token.lower_, token.lemma_ = strings[orth], strings[lower], strings[lemma]
        token.pos_, token.tag_, token.dep_ = strings[pos], strings[tag], strings[dep]
        token.head, token.whitespace_ = tokens[i + head], " " if space else ""
    for token in tokens:
        if token.head is not token:
            token.head.children.append(token)
    return tokens
