"""The lexicon as data: every entry is valid, and contains no name of an annotated article."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from kg.extraction.frames.lexicon import FOLDER, LexiconError, load_lexicon
from kg.extraction.syntax.phrases import NounPhrase, parse_pattern
from kg.facts import Kind
from kg.resources import resource_folder

ENGLISH = Path(__file__).with_name("english.txt")


@pytest.fixture(scope="module")
def lexicon():
    return load_lexicon()


def entries(lexicon):
    tables = (lexicon.verbs_by_lemma, lexicon.nouns_by_lemma, lexicon.adjectives_by_lemma)
    found = {entry.source: entry for table in tables for group in table.values() for entry in group}
    return [found[source] for source in sorted(found)]


def lexicon_with(folder: Path, **files: str) -> Path:
    for name in ("frames.toml", "classes.toml", "light.toml"):
        (folder / name).write_text((FOLDER / name).read_text(encoding="utf-8"), encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_every_category_is_in_the_ontology_and_every_plain_one_is_used(lexicon):
    known = set(re.findall(r'skos:notation "([A-Z]+(?:-[a-z-]+)?)"', categories()))
    used = {e.category for e in entries(lexicon) if e.category}
    assert used - known == set()
    assert {code for code in known if "-" not in code} == {code.split("-")[0] for code in used}


def categories() -> str:
    return (resource_folder("ontology") / "categories.ttl").read_text(encoding="utf-8")


def test_contexts_speak_of_known_categories_and_auxiliaries(lexicon):
    known = set(re.findall(r'skos:notation "([A-Z]+)"', categories()))
    for context in lexicon.contexts:
        assert (context.outer | context.inner | {context.category}) - {"*"} <= known
        assert context.auxiliary is None or context.auxiliary in lexicon.groups["auxiliary"]


def test_every_frame_is_used(lexicon):
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.toml")))
    assert [name for name in lexicon.frames if f'frame = "{name}"' not in text] == []


def test_every_class_is_used(lexicon):
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.toml")))
    rules = {"act", "local", "site", "partitive", "issuing", "message"}
    assert [name for name in lexicon.classes if f'"@{name}"' not in text and name not in rules] == []


def test_the_most_specific_entry_comes_first(lexicon):
    for group in lexicon.verbs_by_lemma.values():
        order = [e.specificity for e in group]
        assert order == sorted(order, reverse=True)
    assert lexicon.verbs_by_lemma["recall"][0].category == "SANCTION-withdraw"


def test_sources_are_unique(lexicon):
    """The rule in an event identifies one entry."""
    names: dict[str, set[str]] = {}
    for table in (lexicon.verbs_by_lemma, lexicon.nouns_by_lemma, lexicon.adjectives_by_lemma):
        for group in table.values():
            for entry in group:
                plain = dataclasses.replace(entry, patterns=()) if hasattr(entry, "patterns") else entry
                names.setdefault(entry.source, set()).add(repr(plain))
    assert [source for source, written in names.items() if len(written) > 1] == []


@pytest.mark.parametrize(
    ("pattern", "phrase", "matches"),
    [
        ("warrant", NounPhrase("warrant"), True),
        ("arrest warrant", NounPhrase("warrant"), False),
        ("arrest warrant", NounPhrase("warrant", frozenset({"arrest", "international"})), True),
        ("talk", NounPhrase("talks"), True),
        ("state of emergency", NounPhrase("state", complements=frozenset({("of", "emergency")})), True),
        ("state of emergency", NounPhrase("state", complements=frozenset({("in", "emergency")})), False),
        ("treaty", NounPhrase("treatise"), False),
        ("treaty", NounPhrase("treaties"), True),
    ],
)
def test_a_pattern_asks_for_head_modifiers_and_complement(pattern, phrase, matches):
    assert parse_pattern(pattern).matches(phrase) is matches


def test_a_restriction_admits_lemmas_kinds_and_anything(lexicon, tmp_path):
    entry = 'verb = [ { lemma = "x", object = ["@envoy", "#Body"], with = { to = "*" }, category = "AGREE", frame = "act" } ]'
    (verb,) = load_lexicon(lexicon_with(tmp_path, verbs=entry)).verbs_by_lemma["x"]
    assert verb.object.admits(NounPhrase("ambassador"))
    assert verb.object.admits(NounPhrase("peru", kinds=frozenset({Kind.STATE})))
    assert not verb.object.admits(NounPhrase("lima", kinds=frozenset({Kind.PLACE})))
    assert verb.prepositions[0].words.admits(NounPhrase("anything"))


ENTRY = 'verb = [ {{ lemma = "x", category = "AGREE", frame = "act", {} }} ]'


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (ENTRY.format('object = ["@nowhere"]'), "unknown class '@nowhere'"),
        (ENTRY.format('object = ["#Nothing"]'), "unknown entity kind #Nothing"),
        (ENTRY.format('object = ["Ambassador"]'), "lower case"),
        (ENTRY.format("roles = { sideways = 'actor' }"), "unknown position 'sideways'"),
        (ENTRY.format("roles = { to = 'victim' }"), "unknown role 'victim'"),
        (ENTRY.format("needs = ['victim']"), "needs an unknown role"),
        (ENTRY.format("with = { sideways = '*' }"), "unknown preposition 'sideways'"),
        (ENTRY.format("clause = 'which'"), "clause is one of"),
        (ENTRY.format("modality = 'maybe'"), "modality is one of"),
        (ENTRY.format("intransitive = 'yes'"), "true or false"),
        (ENTRY.format("objekt = 'x'"), "unknown field 'objekt'"),
        ('verb = [ { lemma = "x", category = "Agree", frame = "act" } ]', "is not a code"),
        ('verb = [ { lemma = "x", category = "AGREE", frame = "dance" } ]', "unknown frame 'dance'"),
        ('verb = [ { lemma = "put off", category = "AGREE", frame = "act" } ]', "more than a word"),
        ('verb = [ { category = "AGREE", frame = "act" } ]', "has no lemma"),
        ('noun = [ { lemma = "x", category = "AGREE", frame = "act" } ]', "can never be found"),
        ('adjective = [ { lemma = "x" } ]', "needs either a role"),
        ('adverb = [ { lemma = "x" } ]', "unknown kind of entry"),
        ('verb = [ { lemma = "x", category = "AGREE", frame = "act" }, { lemma = "x", category = "STATE", frame = "act" } ]', "same restr"),
        ("verb = [", "cannot be read"),
    ],
)
def test_a_mistake_is_named_with_its_file(tmp_path, text, what):
    with pytest.raises(LexiconError, match=re.escape(what)) as caught:
        load_lexicon(lexicon_with(tmp_path, verbs=text))
    assert caught.value.file == "verbs.toml"


def test_a_class_that_contains_itself_is_refused(tmp_path):
    folder = lexicon_with(tmp_path)
    (folder / "classes.toml").write_text('a = ["@b"]\nb = ["@a"]\n', encoding="utf-8")
    with pytest.raises(LexiconError, match="contains itself"):
        load_lexicon(folder)


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(LexiconError, match="no lexicon files"):
        load_lexicon(tmp_path)


def article_texts() -> list[str]:
    seeds = sorted(resource_folder("seeds").glob("*.wiki"))
    ours = sorted((Path(__file__).parent.parent / "evaluation").glob("**/articles/*.wiki"))
    return [path.read_text(encoding="utf-8") for path in [*seeds, *ours]]


def names_in(texts: list[str]) -> set[str]:
    """Return the words that all articles containing them always capitalize: their names."""
    capitalised = {word.lower() for text in texts for word in re.findall(r"\b[^\W\d_]\w{2,}", text) if word[0].isupper()}
    return capitalised - {word for text in texts for word in re.findall(r"\b\w+\b", text) if word.islower()}


def test_no_name_of_a_known_article_occurs(lexicon):
    """The lexicon knows the language, not the articles on which it is measured."""
    words = set()
    for path in sorted(FOLDER.glob("*.toml")):
        entries = "\n".join(line.partition(" # ")[0] for line in path.read_text(encoding="utf-8").splitlines() if line[:1] != "#")
        words |= {word for text in re.findall(r'"([^"]*)"', entries) for word in text.lower().split() if text[:1] not in "@#"}
    ordinary = set(ENGLISH.read_text(encoding="utf-8").split())
    names = names_in(article_texts())
    assert sorted((words & names) - ordinary) == []


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("blamed", "blame"),
        ("travelled", "travel"),
        ("traveled", "travel"),
        ("vetoes", "veto"),
        ("fought", "fight"),
        ("withdrew", "withdraw"),
        ("denies", "deny"),
        ("allied", "ally"),
        ("ceding", "cede"),
        ("freed", "free"),
        ("agreeing", "agree"),
        ("swapping", "swap"),
        ("visited", "visit"),
        ("founded", "found"),
    ],
)
def test_a_form_leads_to_its_verb(lexicon, form, lemma):
    assert lexicon.forms[form] == (lemma,)


def test_no_form_is_made_that_another_verb_owns(lexicon):
    """Only forms that two English verbs really share are shared."""
    shared = {form for form, lemmas in lexicon.forms.items() if len(lemmas) > 1}
    assert shared <= {"found", "wound", "lay", "fulfilled", "fulfilling", "lambasted", "lambasting", "fell", "saw"}
    assert "heldd" not in lexicon.forms
    assert "fighted" not in lexicon.forms
