"""Read predicates from propositions: PropBank predicates with numbered arguments, by the frames table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from spacy.tokens import Token

from kg.extraction.events.modality import is_condition
from kg.extraction.events.predicates import (
    Predicate,
    agents_of_participles,
    around,
    at_talks,
    beside_subject,
    happens,
    in_messages,
    inside,
    is_spoken_of,
    other_side,
)
from kg.extraction.frames.fillers import Fillers
from kg.extraction.frames.matching import lemma, with_measured
from kg.extraction.frames.senses import NOUNS, VERBAL, RowFinder, SensedPredicate
from kg.extraction.frames.table import SUPPORT, Row
from kg.extraction.syntax.dependencies import children, clause_of, noun_conjuncts, preposition
from kg.extraction.syntax.function_words import function_words
from kg.extraction.syntax.logical_arguments import LogicalArgument, arguments, noun_arguments
from kg.extraction.syntax.phrases import is_preposition
from kg.language.parsing.plain import propositions_of

LIGHT_VERB = "ARGM-LVB"
PARTNER = "ARGM-COM"
WORDS_ALONE = frozenset(
    {"STATE", "AGREE", "ELECT", "APPOINT", "LEGISLATE", "ESTABLISH", "DISSOLVE", "RULE", "SECEDE", "PROTEST", "MOBILIZE"}
)
"""Categories with such general verbs (say, start, open, move) that only rows that restrict their arguments apply."""
TITLES = ("nmod:desc", "compound", "flat")


@dataclass(frozen=True)
class PropositionReader:
    """Finds the predicates in the propositions of one passage, by the frames table."""

    fillers: Fillers

    @cached_property
    def _rows(self) -> RowFinder:
        return RowFinder(self.fillers)

    def beyond(self, known: Iterable[Predicate]) -> list[Predicate]:
        """Return the predicates in propositions besides those that the lexicon contains.

        A verb that the lexicon has with other arguments counts only if a row of the table types its arguments; a noun only if a
        verb supports it, since the lexicon's silence about both is informative. All require a named actor: otherwise the sense is
        too often another one.
        """
        told = {i for p in known for i in (p.token.i, p.clause.i)}
        content = {n.i for p in known if p.kind == "verb" for a in p.arguments for n in noun_conjuncts(a.token)}
        return [
            replace(predicate, needs=("actor",))
            for predicate, row in self._read()
            if not told & {predicate.token.i, predicate.clause.i}
            and predicate.kind not in ("noun", "adjective")
            and not self._is_only_meant(predicate)
            and (predicate.kind != "light" or predicate.token.i not in content)
            and (row.is_typed or lemma(predicate.clause) not in self.fillers.lexicon.verbs_by_lemma or self._untyped(predicate))
        ]

    def _untyped(self, predicate: Predicate) -> bool:
        """Whether a verb that matches no lexicon entry is accepted nevertheless because it relates two named agents."""
        acting = [a.token for a in predicate.arguments if a.position == "subj"]
        return predicate.category.split("-", 1)[0] not in WORDS_ALONE and any(self.fillers.agents(t, acting=True) for t in acting)

    def _is_only_meant(self, predicate: Predicate) -> bool:
        """A purpose ("stayed to protect X"), a condition, what a gerund names ("banned from entering Y"), a participle without a doer."""
        verb = predicate.clause
        if is_condition(verb, self.fillers.lexicon):
            return True
        marks = {m.lower_ for m in children(verb, "mark", "case")}
        if verb.tag_ == "VBG" and (is_spoken_of(verb) or marks & {"from", "for"} or verb.dep_ in ("acl", "amod")):
            return True
        if "to" in marks and (verb.dep_ in ("advcl", "acl") or (verb.dep_ == "xcomp" and not self._says_how(verb.head))):
            return True
        return verb.dep_ in ("acl", "amod") and verb.tag_ == "VBN" and all(a.position != "subj" for a in predicate.arguments)

    def _says_how(self, governor: Token) -> bool:
        """Whether a verb says that the act in its complement was begun, done, planned or refused, not only wished."""
        lexicon, word = self.fillers.lexicon, lemma(governor)
        if word in function_words("wishing"):
            return False
        return lexicon.group("modality", word) is not None or lexicon.group("aspect", word) is not None

    def predicates(self) -> list[Predicate]:
        """Return all predicates with a row in the table, in text order; verbs take the nouns whose acts they support."""
        return [predicate for predicate, _ in self._read()]

    def explained(self) -> Iterator[str]:
        """Return a line for each proposition: word, sense, arguments, and the row of the table by which it is read."""
        doc = self.fillers.passage.doc
        for proposition in propositions_of(doc):
            token = doc[proposition.predicate]
            row = self._rows.row(proposition, token, self._arguments(proposition, token))
            named = ", ".join(f"{a.label} {doc[a.head].text!r}" for a in proposition.arguments)
            sense = f"{proposition.roleset or 'no sense'}{' (untrained)' if proposition.fallback else ''}"
            told = f"{row.category} by row {row.source}" if row is not None else "no act"
            yield f"{token.text!r} {sense}: {named or 'no arguments'}; {told}"

    def _read(self) -> list[tuple[Predicate, Row]]:
        found: dict[int, Predicate] = {}
        rows: dict[int, Row] = {}
        carriers: list[tuple[Row, Token, list[LogicalArgument]]] = []
        doc = self.fillers.passage.doc
        for proposition in propositions_of(doc):
            token = doc[proposition.predicate]
            if token.pos_ in NOUNS and self._is_named_or_spoken_of(token):
                continue
            known = self._arguments(proposition, token)
            row = self._rows.row(proposition, token, known)
            if row is None:
                continue
            if row.category in SUPPORT:
                carriers.append((row, token, known))
            else:
                found[token.i], rows[token.i] = self._predicate(proposition, row, token, known), row
        for row, verb, known in carriers:
            self._carry(found, row, verb, known)
        content = {n.i for p in found.values() if p.kind in ("verb", "adjective") for a in p.arguments for n in noun_conjuncts(a.token)}
        return [(found[i], rows[i]) for i in sorted(found) if found[i].kind != "noun" or i not in content]

    def _is_named_or_spoken_of(self, noun: Token) -> bool:
        """Whether a noun is a name, only modifies another, or is a topic: "an agreement on the normalisation of relations"."""
        mention = self.fillers.mention(noun)
        if (mention is not None and not mention.attributive) or noun.dep_ in TITLES:
            return True
        marker = preposition(noun)
        mediating = marker in function_words("under") and self.fillers.lexicon.group("mediating", lemma(noun)) is not None
        return marker in function_words("topic") or mediating

    def _arguments(self, proposition: SensedPredicate, token: Token) -> list[LogicalArgument]:
        """Return the numbered arguments, then those given by the tree only: obliques of a verb, possessor and complements of a noun."""
        doc = token.doc
        found: list[LogicalArgument] = []
        for argument in proposition.arguments:
            head = self._named(doc[argument.head])
            position = _position(argument.label.removeprefix("C-"), head)
            if position and head.i != token.i and LogicalArgument(position, head) not in found:
                found.append(LogicalArgument(position, head))
        taken = {t.i for a in found for t in noun_conjuncts(a.token)}
        positions = {a.position for a in found}
        rest = arguments(token) if token.pos_ in VERBAL or token.pos_ == "ADJ" else noun_arguments(token)
        for other in rest:
            if other.token.i not in taken and not (other.position in ("subj", "obj", "iobj") and other.position in positions):
                found.append(other)
        return found

    def _named(self, head: Token) -> Token:
        """Return the name after a title ("Prime Minister X")."""
        while head.dep_ in TITLES and head.pos_ in NOUNS and head.head.pos_ in NOUNS and head.head.i > head.i:
            head = head.head
        return head

    def _predicate(self, proposition: SensedPredicate, row: Row, token: Token, known: list[LogicalArgument]) -> Predicate:
        doc = token.doc
        light = next((doc[a.head] for a in proposition.arguments if a.label == LIGHT_VERB), None)
        kind, clause = "verb", token
        placed = [self._placed(a, row) for a in known]
        if token.pos_ in NOUNS and light is not None:
            kind, clause = "light", light
            placed += self._of_carrier(light, token, placed)
        elif token.pos_ in NOUNS:
            kind = "noun"
            verb = clause_of(token)
            clause = verb if happens(token, verb, self.fillers) else token
            placed += [*agents_of_participles(token), *around(token, verb, self.fillers)]
            placed += other_side(token, verb, row.roles)
        elif token.pos_ == "ADJ":
            kind = "adjective"
        else:
            placed += [
                *inside(token, placed, row.roles),
                *in_messages(placed, self.fillers),
                *at_talks(placed, self.fillers),
                *beside_subject(placed),
            ]
        placed += self._subjects_of_content(placed, row)
        return Predicate(
            token=token,
            clause=clause,
            kind=kind,
            category=row.category,
            source=f"{proposition.roleset} {row.source}",
            roles=row.roles,
            arguments=tuple(dict.fromkeys(placed)),
            needs=("actor|recipient|mediator|about",) if kind == "noun" else (),
        )

    def _placed(self, argument: LogicalArgument, row: Row) -> LogicalArgument:
        """Return the position of a numbered argument that the row does not mention, by its preposition."""
        if argument.position in row.roles or not argument.position.isdigit():
            return argument
        return LogicalArgument(preposition(argument.token) or argument.position, argument.token)

    def _subjects_of_content(self, known: Iterable[LogicalArgument], row: Row) -> list[LogicalArgument]:
        """Return who is to act in a clause that is argument 1: "demanded that X withdraw", "called on X to withdraw"."""
        if "ccomp" not in row.roles or any(a.position == "ccomp" for a in known):
            return []
        clauses = [a.token for a in known if a.position == "obj" and a.token.pos_ in VERBAL]
        return [LogicalArgument("ccomp", a.token) for c in clauses for a in arguments(c) if a.position == "subj"]

    def _carry(self, found: dict[int, Predicate], row: Row, verb: Token, known: Sequence[LogicalArgument]) -> None:
        """Assign a noun's act to its support verb: "began talks", "issued a statement", "received a visit from X"."""
        objects = [a.token for a in known if a.position == "obj"]
        for noun in (t for o in objects for n in noun_conjuncts(o) for t in with_measured(n, self.fillers)):
            predicate = found.get(noun.i)
            if predicate is None or predicate.kind != "noun" or verb.i in found:
                continue
            passed = [a for a in self._of_carrier(verb, noun, predicate.arguments) if a not in predicate.arguments]
            roles = predicate.roles
            if row.category == "@2":
                passed = [
                    LogicalArgument({"subj": "inverse", "from": "subj", "2": "subj", "by": "subj"}.get(a.position, a.position), a.token)
                    for a in passed
                ]
                roles = {**roles, "inverse": "recipient"}
            found[noun.i] = replace(
                predicate,
                kind="light",
                clause=verb,
                roles=roles,
                arguments=(*predicate.arguments, *passed),
                source=f"{predicate.source} in {lemma(verb)}",
            )

    def _of_carrier(self, verb: Token, noun: Token, own: Sequence[LogicalArgument]) -> list[LogicalArgument]:
        """Return the arguments that a support verb adds: its subject, if the noun names no actor, and its obliques."""
        positions = {a.position for a in own}
        added = []
        for argument in arguments(verb):
            if noun in noun_conjuncts(argument.token) or argument.position in ("obj", "ccomp", "xcomp"):
                continue
            if argument.position == "subj" and positions & {"subj", "poss", "by"}:
                continue
            added.append(argument)
        return added


def _position(label: str, head: Token) -> str | None:
    """Return the name of an argument's position in rules: its number, or the preposition of a modifier; None for times and the like."""
    if label.startswith("ARG") and label[3:4].isdigit():
        return {"0": "subj", "1": "obj"}.get(label[3], label[3])
    if label == PARTNER:
        return "with"
    if label in (LIGHT_VERB, "ARGM-TMP", "ARGM-NEG", "ARGM-MOD", "ARGM-PRR") or not label.startswith("ARGM") or head.pos_ in VERBAL:
        return None
    marker = preposition(head)
    return marker if marker and is_preposition(marker) else None
