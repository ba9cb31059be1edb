"""Discourse state: the mentions so far, with their positions and grammatical roles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from kg.facts import Kind
from kg.language.coreference.grammar import clause, conjunct_head, is_main, is_subject, noun_head
from kg.language.reading import Mention, PassageDoc
from kg.wikitext.article import Passage, PassageKind

_LIST_WORDS = frozenset({",", "and", ", and", "and the", ", and the", ", the"})
_QUOTES = frozenset('"“”„')
PERSONAL = frozenset({Kind.PERSON})
THINGS = frozenset({Kind.STATE, Kind.INSTITUTION, Kind.AGREEMENT})


@dataclass(frozen=True, slots=True)
class Referent:
    """A mention in its sentence: ``token`` is its head; ``subject`` and ``main`` tell whether it is a subject, and in the main clause.

    ``rule`` is that of the mention: a role noun is a person even if it resolves to the state.
    """

    passage: int
    start: int
    end: int
    token: Token
    keys: tuple[str, ...]
    subject: bool
    main: bool
    attributive: bool
    rule: str


@dataclass(slots=True)
class Sentence:
    """A passage with its referents so far; ``introduced`` are the classes of entities that it introduces without a name."""

    passage: Passage
    doc: Doc
    referents: list[Referent] = field(default_factory=list)
    introduced: set[Kind] = field(default_factory=set)


class SentenceHistory:
    """The sentences of an article up to the current one. Captions, rows, items and fields stand alone and are not remembered.

    ``pair`` has the two states that the section is about, if any (``by_section``: sections differ in this); ``titled`` maps
    agreements and events to the two states in their names; ``topic`` is the person whose biography the article is, if any;
    ``gender`` collects the pronouns used of persons. ``lead`` has the two states, and the two persons, that the article's first
    sentence joins, as a fallback for the last sentences.
    """

    def __init__(
        self, kinds: Mapping[str, Kind], titled: Mapping[str, tuple[str, str]], topic: str | None = None, by_section: bool = False
    ):
        self.kinds, self.titled, self.topic, self._by_section = kinds, titled, topic, by_section
        self.pair: tuple[str, ...] = ()
        self._open = False
        self.gender: dict[str, str] = {}
        self.lead: dict[Kind, tuple[str, ...]] = {}
        self.past: list[Sentence] = []
        self.current: Sentence | None = None

    def begin(self, read: PassageDoc) -> None:
        """Start the next passage."""
        same = self.current is not None and self.current.passage.paragraph == read.passage.paragraph
        self._open = same and self.current is not None and len(self.current.doc) > 0 and self.quoted(self.current.doc[-1]) is not None
        if same and self.current is not None and self.current.doc[-1].text in _QUOTES:
            self._open = _opens(self.current.doc[-1], self._open)
        if self.current is not None and self.current.passage.kind is PassageKind.SENTENCE:
            if not self.past:
                self.lead = {kind: keys for kind in (Kind.STATE, Kind.PERSON) if (keys := self._joined(self.current, kind))}
            self.past.append(self.current)
        self.current, self.pair = Sentence(read.passage, read.doc), read.sides

    def quoted(self, token: Token) -> int | None:
        """Return where the quotation around a word begins: a position in its sentence (0 also if an earlier one opened it), or None."""
        start = 0 if self._open else None
        for mark in (t for t in token.doc[: token.i] if t.text in _QUOTES):
            start = mark.i if _opens(mark, start is not None) else None
        return start

    def add(self, mention: Mention) -> Referent:
        """Add a mention of the current passage as a referent."""
        assert self.current is not None
        span = self.current.doc[mention.start : mention.end]
        head = span.root
        referent = Referent(
            passage=self.current.passage.index,
            start=mention.start,
            end=mention.end,
            token=head,
            keys=mention.keys,
            subject=is_subject(head),
            main=is_main(clause(noun_head(conjunct_head(head)))),
            attributive=mention.attributive,
            rule=mention.rule,
        )
        self.current.referents.append(referent)
        return referent

    def _joined(self, sentence: Sentence, kind: Kind) -> tuple[str, ...]:
        """Return the two of a class that a sentence coordinates, else the only two that it mentions."""
        own = [r for r in sentence.referents if self.is_kind(r, (kind,)) and r.rule != "two-sides"]
        groups = [g for r in own if len(g := self.group(r, own)) == 2]
        keys = groups[0] if groups else tuple(dict.fromkeys(key for r in own for key in r.keys))
        return keys if len(keys) == 2 else ()

    @property
    def states(self) -> tuple[str, ...]:
        """Return the two states that the section is about; else, unless each section has its own, those of the lead."""
        return self.pair or (() if self._by_section else self.lead.get(Kind.STATE, ()))

    def kind(self, key: str) -> Kind:
        """Return the class of an entity."""
        return self.kinds[key]

    def is_kind(self, referent: Referent, kinds: Iterable[Kind]) -> bool:
        """Whether all entities of a referent are of one of the classes."""
        return all(self.kinds[key] in kinds for key in referent.keys)

    def before(self, token: Token) -> list[Referent]:
        """Return the referents of the current passage before a token, in order."""
        assert self.current is not None
        return sorted((r for r in self.current.referents if r.token.i < token.i), key=lambda r: r.token.i)

    def previous(self, sentences: int, same: Callable[[Passage], object] | None = None) -> list[Sentence]:
        """Return the last sentences before the current one, nearest first, of the same paragraph (with ``same``, also other parts of
        the passage)."""
        assert self.current is not None
        same = same or (lambda passage: (passage.section, passage.paragraph))
        here = same(self.current.passage)
        near = self.past[-sentences:]
        return [s for s in reversed(near) if same(s.passage) == here]

    def recency(self, keys: Iterable[str]) -> list[str]:
        """Return those of the keys that were mentioned before, most recent first."""
        wanted, found = set(keys), []
        sentences = [*self.past, *([self.current] if self.current is not None else [])]
        for sentence in reversed(sentences):
            for referent in reversed(sentence.referents):
                found += [k for k in referent.keys if k in wanted and k not in found]
        return found

    def group(self, referent: Referent, referents: Sequence[Referent]) -> tuple[str, ...]:
        """Return the keys of all that a referent is coordinated with ("X, Y and Z"), including itself, by the parse or by the text
        between."""
        ordered = sorted((r for r in referents if not r.attributive), key=lambda r: r.token.i)
        chain: list[Referent] = []
        for one in ordered:
            if chain and _listed(chain[-1], one):
                chain.append(one)
            elif any(r is referent for r in chain):
                break
            else:
                chain = [one]
        if not any(r is referent for r in chain):
            chain = [referent]
        head = _top(referent)
        together = [r for r in ordered if r in chain or _top(r).i == head.i]
        return tuple(dict.fromkeys(key for r in together for key in r.keys))

    def is_thing(self, referent: Referent) -> bool:
        """Whether "it" may refer to a referent."""
        return self.is_kind(referent, THINGS) and referent.rule not in ("role", "counterpart")

    def subject_of(self, sentence: Sentence) -> tuple[str, ...]:
        """Return the keys of a sentence's main subject and its conjuncts; () if it names nobody."""
        mains = sorted((r for r in sentence.referents if r.subject and r.main and not r.attributive), key=lambda r: r.token.i)
        return self.group(mains[0], sentence.referents) if mains else ()


def _opens(mark: Token, inside: bool) -> bool:
    """Whether a quotation mark opens a quotation; straight ones alternate."""
    return not inside if mark.text == '"' else mark.text in "“„"


def _top(referent: Referent) -> Token:
    return conjunct_head(noun_head(conjunct_head(referent.token)))


def _listed(left: Referent, right: Referent) -> bool:
    """Whether only a comma, "and" and an article are between two referents, as in a list."""
    between = right.token.doc[left.end : right.start].text.strip()
    return between in _LIST_WORDS
