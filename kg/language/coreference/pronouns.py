"""Resolve personal pronouns to the subject of an earlier clause or of the previous sentence, if it agrees in number and class."""

from __future__ import annotations

from spacy.tokens import Token

from kg.facts import Kind
from kg.language.coreference.discourse import PERSONAL, Referent, SentenceHistory
from kg.language.coreference.grammar import SUBJECTS, child, clause, determiner, governing, is_subject
from kg.language.coreference.wordlists import CorefWords

Resolved = tuple[tuple[str, ...], str]
_SENTENCES_BACK = 2
_PARTS = ("nmod:poss", "compound", "amod", "appos", "flat", "nmod:desc", "conj")
"""Relations by which a name is the possessor or the apposition of a noun: "Danish troops", "the president, X"."""


def resolve_pronoun(token: Token, discourse: SentenceHistory, words: CorefWords) -> Resolved | None:
    """Return (keys, rule) for a personal pronoun, or None if the antecedent is not certain."""
    sort = words.pronouns[token.lower_]
    quotation = discourse.quoted(token)
    if quotation is not None and not any(r.token.i > quotation for r in discourse.before(token)):
        return None  # quoted speech: the antecedent may be outside the article
    if token.lower_ in words.reflexive:
        return _reflexive(token, sort, discourse)
    if sort in ("he", "she"):
        return _person(token, sort, discourse)
    if sort == "it":
        return None if _expletive(token, words) else _thing(token, discourse)
    return _several(token, discourse)


def _reflexive(token: Token, sort: str, discourse: SentenceHistory) -> Resolved | None:
    """ "himself": the subject of the clause."""
    here = discourse.before(token)
    own = [r for r in here if r.subject and not r.attributive and clause(r.token).i in governing(token)]
    fits = own and (_fits(own[-1], sort, discourse) if sort in ("he", "she") else discourse.is_thing(own[-1]) if sort == "it" else True)
    if not fits:
        return None
    keys = discourse.group(own[-1], here) if sort == "they" else own[-1].keys
    return (keys, "pronoun") if (len(keys) > 1) == (sort == "they") else None


def _possessive(token: Token) -> bool:
    return token.dep_ == "nmod:poss" or (token.tag_ == "PRP$" and child(token, "case") is None)


def _person(token: Token, sort: str, discourse: SentenceHistory) -> Resolved | None:
    topic = discourse.topic
    told = _of_participle(token, sort, discourse) or _cataphor(token, sort, discourse) or _person_here(token, sort, discourse)
    keys = told or (None if _is_in_opening(token) else _person_before(token, sort, discourse))
    if topic is not None and discourse.gender.get(topic, sort) == sort and (keys is None or discourse.gender.get(keys[0]) != sort):
        keys = (topic,)
    if keys is None:
        return None
    discourse.gender.setdefault(keys[0], sort)
    return keys, "pronoun"


def _fits(referent: Referent, sort: str, discourse: SentenceHistory) -> bool:
    single = len(referent.keys) == 1 and not referent.attributive and discourse.is_kind(referent, PERSONAL)
    return single and discourse.gender.get(referent.keys[0], sort) == sort


def _cataphor(token: Token, sort: str, discourse: SentenceHistory) -> tuple[str, ...] | None:
    """ "According to his lawyer, X was held": a possessive in a phrase before the subject refers to the subject."""
    assert discourse.current is not None
    if not _possessive(token) or discourse.before(token):
        return None
    verb = clause(token)
    subject = child(verb, *SUBJECTS)
    if subject is None or subject.i < token.i or not subject.doc[: subject.i].text.rstrip().endswith(","):
        return None
    own = [r for r in discourse.current.referents if r.subject and clause(r.token).i == verb.i]
    return next((r.keys for r in own if _fits(r, sort, discourse)), None)


def _person_here(token: Token, sort: str, discourse: SentenceHistory) -> tuple[str, ...] | None:
    verbs = governing(token)
    free = [
        r
        for r in discourse.before(token)
        if _fits(r, sort, discourse) and (_possessive(token) or is_subject(token) or clause(r.token).i not in verbs)
    ]
    subjects = [r for r in free if r.subject]
    acting = {r.keys for r in subjects}
    objects = [r for r in free if r.keys not in acting]
    if not _possessive(token) and not is_subject(token) and objects and len({r.keys for r in free}) == 2:
        return objects[-1].keys  # "X named Y, but Z would not meet him"
    if _possessive(token) and len({r.keys for r in subjects if r.main}) > 1:
        return None
    if subjects:
        return subjects[-1].keys
    names = {r.keys for r in free}
    return free[-1].keys if len(names) == 1 else None


def _of_participle(token: Token, sort: str, discourse: SentenceHistory) -> tuple[str, ...] | None:
    """ "quoted X telling his counterpart": the person immediately before the participle that governs a possessive."""
    verb = clause(token)
    if not _possessive(token) or verb.tag_ != "VBG":
        return None
    return next((r.keys for r in discourse.before(token) if r.end == verb.i and _fits(r, sort, discourse)), None)


def _is_in_opening(token: Token) -> bool:
    """Whether an object is in a clause before the main one ("For supporting him, X …"): its antecedent may follow."""
    verb = clause(token)
    return not _possessive(token) and not is_subject(token) and verb.dep_ == "advcl" and verb.i < verb.head.i


def _person_before(token: Token, sort: str, discourse: SentenceHistory) -> tuple[str, ...] | None:
    acting = is_subject(token) or _possessive(token)
    for distance, sentence in enumerate(discourse.previous(_SENTENCES_BACK)):
        acting = acting and (distance == 0 or is_subject(token))
        people = [r for r in sentence.referents if _fits(r, sort, discourse)]
        subjects = [r for r in people if r.subject and r.main] or [r for r in people if r.subject]
        if len({r.keys for r in subjects}) == 1 and (acting or len({r.keys for r in people}) == 1):
            return subjects[0].keys
        if len({r.keys for r in people}) == 1:
            return people[0].keys
        if people:
            return None
    return None


def _expletive(token: Token, words: CorefWords) -> bool:
    if token.dep_.startswith("expl"):
        return True
    verb = token.head
    if token.dep_ in SUBJECTS and (verb.lemma_.lower() in words.expletive or child(verb, "csubj", "csubj:pass") is not None):
        return True
    passive = token.dep_ == "nsubj:pass"
    return passive and (child(verb, "ccomp") is not None or any(t.lower_ == "that" and t.dep_ == "mark" for t in verb.subtree))


def _thing(token: Token, discourse: SentenceHistory) -> Resolved | None:
    here = [r for r in discourse.before(token) if len(r.keys) == 1 and not r.attributive and discourse.is_thing(r)]
    here = [r for r in here if not _inside_relative(token, r.token) and not _is_one_of_several(r, discourse)]
    verb = clause(token)
    if _means_unnamed(token, discourse):
        return None
    if _possessive(token):
        own = [r for r in here if r.subject and clause(r.token).i == verb.i]
        subjects = [r for r in here if r.subject]
        agents = [r for r in here if _is_agent(r.token) and clause(r.token).i in governing(token)]
        chosen = own or subjects or agents or (here if len({r.keys for r in here}) == 1 else [])
    elif is_subject(token):
        chosen = [r for r in here if r.subject and clause(r.token).i != verb.i]
    else:
        return _object_thing(here, verb) or _text_before(here, discourse)
    if chosen:
        text = discourse.kind(chosen[-1].keys[0]) is Kind.AGREEMENT
        later = any(r.token.i > chosen[-1].token.i for r in discourse.before(token) if not r.attributive)
        return None if text and later and _possessive(token) else (chosen[-1].keys, "pronoun")
    if here and (not _possessive(token) or len({r.keys for r in here}) > 1):
        return None
    return _thing_before(discourse)


def _means_unnamed(token: Token, discourse: SentenceHistory) -> bool:
    """Whether a pronoun more likely refers to something introduced without a name: as a possessor, by the subject of its own clause
    ("a brigade stood its ground"), by the subject of a passive, or by what was just created ("opened a mission, but it was
    closed")."""
    named = {r.token.i for r in discourse.before(token)}
    if _possessive(token):
        subject = child(clause(token), *SUBJECTS)
        if subject is None or subject.i > token.i or token in subject.subtree:
            return False
        subject = clause(token).head if subject.tag_ in ("WDT", "WP") else subject
        owned = any(c.i in named for c in subject.children if c.dep_ in _PARTS or _is_agent(c))
        return subject.pos_ in ("NOUN", "PROPN") and subject.i not in named and not owned
    if token.dep_ != "nsubj:pass":
        return False
    objects = (t for t in token.doc[: token.i] if t.dep_ == "obj" and t.pos_ in ("NOUN", "PROPN") and t.i not in named)
    return any(determiner(t) in ("a", "an") for t in objects) or (not named and _brings_in_object(discourse))


def _brings_in_object(discourse: SentenceHistory) -> bool:
    """Whether the previous sentence has an object without a name, which a passive continues ("X drew up the document. It was signed")."""
    for sentence in discourse.previous(1):
        named = {r.token.i for r in sentence.referents}
        return any(t.dep_ == "obj" and t.pos_ == "NOUN" and t.i not in named and determiner(t) for t in sentence.doc)
    return False


def _object_thing(here: list[Referent], verb: Token) -> Resolved | None:
    """Resolve an "it" that is not a subject: the only thing in an earlier clause, preferably a subject, other than the subject of its
    own clause."""
    same = {verb.i, verb.head.i} if verb.dep_ == "xcomp" else {verb.i}
    own = {r.keys for r in here if clause(r.token).i in same}
    earlier = [r for r in here if clause(r.token).i not in same and r.keys not in own]
    others = {r.keys for r in earlier if r.subject and r.main} or {r.keys for r in earlier}
    return (others.pop(), "pronoun") if own and len(others) == 1 else None


def _text_before(here: list[Referent], discourse: SentenceHistory) -> Resolved | None:
    """Resolve an "it" that is not a subject to the agreement that the previous sentence is about.

    Only if nothing but the subject has been named in this sentence.
    """
    if len({r.keys for r in here}) != 1 or not here[0].subject:
        return None
    found = _thing_before(discourse)
    return found if found is not None and all(discourse.kind(key) is Kind.AGREEMENT for key in found[0]) else None


def _is_one_of_several(referent: Referent, discourse: SentenceHistory) -> bool:
    """Whether a subject is only one conjunct of a coordination: "X and Y signed it; it failed" does not refer to Y."""
    assert discourse.current is not None
    return referent.subject and len(discourse.group(referent, discourse.current.referents)) > 1


def _is_agent(token: Token) -> bool:
    """Whether a noun is the agent of a passive: "accepted by X"."""
    case = child(token, "case")
    return case is not None and case.lower_ == "by"


def _inside_relative(token: Token, noun: Token) -> bool:
    """Whether a subject pronoun is in a relative clause of the noun itself: "X, which it had asked" does not refer to X."""
    return is_subject(token) and any(a.dep_ == "acl:relcl" and a.head.i == noun.i for a in (clause(token), *clause(token).ancestors))


def _thing_before(discourse: SentenceHistory) -> Resolved | None:
    for sentence in discourse.previous(1):
        keys = discourse.subject_of(sentence)
        things = [r for r in sentence.referents if r.keys == keys and discourse.is_thing(r)]
        if len(keys) == 1 and things:
            return keys, "pronoun"
    return None


def _several(token: Token, discourse: SentenceHistory) -> Resolved | None:
    verb = clause(token)
    here = discourse.before(token)
    if _means_unnamed(token, discourse) or _are_unnamed(token, here):
        return None
    groups = []
    for r in here:
        if r.subject and not r.attributive and (_possessive(token) or is_subject(token) or clause(r.token).i != verb.i):
            groups.append(discourse.group(r, here))
    plural = [g for g in groups if _is_plural(g, discourse)]
    if plural:
        return plural[-1], "pronoun"
    people = tuple(dict.fromkeys(k for r in here if discourse.is_kind(r, PERSONAL) and not r.attributive for k in r.keys))
    met = any(r.subject and r.keys[0] in people for r in here)
    if is_subject(token) and met and len(people) == 2:
        return people, "pronoun"
    texts = [r for r in here if _is_texts(r, discourse) and clause(r.token).i != verb.i]
    if texts and not _possessive(token):
        return texts[-1].keys, "pronoun"
    if any(t.dep_ in SUBJECTS and t.morph.get("Number", []) == ["Plur"] and t.i < token.i for t in token.doc):
        return None
    for sentence in discourse.previous(1):
        keys = discourse.subject_of(sentence)
        if _is_plural(keys, discourse):
            return keys, "pronoun"
        named = {r.keys for r in sentence.referents if _is_texts(r, discourse)}
        if len(named) == 1 and not _possessive(token):
            return named.pop(), "pronoun"
    return None


def _are_unnamed(token: Token, here: list[Referent]) -> bool:
    """Whether "most of them", "sent them" may refer to a plural common noun earlier in the sentence."""
    if _possessive(token) or is_subject(token):
        return False
    named = {r.token.i for r in here}
    return any(t.tag_ == "NNS" and t.dep_ in ("obj", "nsubj:pass") and t.i not in named for t in token.doc[: token.i])


def _is_texts(referent: Referent, discourse: SentenceHistory) -> bool:
    """Whether a plural refers to an agreement: "the accords", "the documents"."""
    plural = referent.token.morph.get("Number", []) == ["Plur"]
    return plural and not referent.attributive and all(discourse.kind(key) is Kind.AGREEMENT for key in referent.keys)


def _is_plural(keys: tuple[str, ...], discourse: SentenceHistory) -> bool:
    agents = (Kind.PERSON, Kind.STATE, Kind.INSTITUTION)
    return len(keys) > 1 and all(discourse.kind(key) in agents for key in keys)
