"""The shipped pipeline: its figures on the treebanks, its form, and errors for pipelines that cannot serve."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc

from kg.language.parsing.dictionary import dictionaries
from kg.language.parsing.finite import finite_main_verb
from kg.language.parsing.pipeline import SHIPPED, PipelineError, load_pipeline, merged_norm
from kg.language.training.evaluate import evaluate
from kg.language.training.train import gold_docs

TREEBANKS = Path(__file__).resolve().parents[3] / "shared" / "treebanks"
TOKENS = tomllib.loads((Path(__file__).parent / "tokens.toml").read_text(encoding="utf-8"))["case"]
FLOORS = tomllib.loads((Path(__file__).parent / "model_floors.toml").read_text(encoding="utf-8"))["floor"]
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def nlp():
    return load_pipeline()


@pytest.mark.skipif(not TREEBANKS.is_dir(), reason=f"the treebanks are not at {TREEBANKS}")
@pytest.mark.parametrize("floor", FLOORS, ids=[floor["treebank"] for floor in FLOORS])
def test_figures(nlp, floor):
    gold = gold_docs(nlp, TREEBANKS, floor["treebank"], floor["part"])[:: floor["every"]]
    figures = evaluate(nlp, gold)
    measured = {name: getattr(figures, name) for name in ("tag", "uas", "las", "lemma", "names") if name in floor}
    assert {name: share for name, share in measured.items() if share < floor[name]} == {}
    assert figures.single_root == 1


@pytest.mark.parametrize("words", TOKENS, ids="".join)
def test_words_are_split_as_in_the_treebanks(nlp, words):
    assert [token.text for token in nlp.tokenizer("".join(words)) if not token.is_space] == [word.strip() for word in words]


def test_size():
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*") if path.is_file()) <= 25 * MEGABYTE


def test_every_text_is_one_sentence_with_one_root(nlp):
    for doc in nlp.pipe(["They met. They left! He said: no; she agreed", "Founded: 1990\nCapital: Bern", "one two three four"]):
        assert sum(token.head == token for token in doc) == 1
        assert len(list(doc.sents)) == 1


def test_a_past_tense_that_hangs_on_its_subject_becomes_the_root(nlp):
    doc = Doc(
        nlp.vocab,
        words=["The", "men", "signed", "it", "in", "May", "."],
        pos=["DET", "NOUN", "VERB", "PRON", "ADP", "PROPN", "PUNCT"],
        tags=["DT", "NNS", "VBD", "PRP", "IN", "NNP", "."],
        heads=[1, 1, 1, 2, 5, 2, 1],
        deps=["det", "ROOT", "acl", "obj", "case", "obl", "punct"],
    )
    mended = finite_main_verb(doc)
    assert [token.head.i for token in mended] == [1, 2, 2, 2, 5, 2, 2]
    assert [token.dep_ for token in mended] == ["det", "nsubj", "ROOT", "obj", "case", "obl", "punct"]
    assert len(list(mended.sents)) == 1


def test_same_text_same_parse(nlp):
    texts = ["The minister met his colleague in Geneva on Monday.", "Both sides signed the accord, which was never ratified."]
    first = [[(token.dep_, token.head.i, token.tag_, token.lemma_) for token in doc] for doc in nlp.pipe(texts)]
    again = [[(token.dep_, token.head.i, token.tag_, token.lemma_) for token in nlp(text)] for text in reversed(texts)]
    assert first == again[::-1]


def test_quotation_marks_make_no_difference(nlp):
    straight, curly = nlp('The president said: "We won\'t sign it."'), nlp("The president said: “We won’t sign it.”")
    assert [token.pos_ for token in straight] == [token.pos_ for token in curly]
    assert [token.head.i for token in straight] == [token.head.i for token in curly]


@pytest.mark.parametrize(
    ("pos", "form", "lemma"),
    [
        ("VERB", "mediated", "mediate"),
        ("VERB", "swapped", "swap"),
        ("VERB", "overthrew", "overthrow"),
        ("VERB", "flown", "fly"),
        ("VERB", "organised", "organise"),
        ("VERB", "goes", "go"),
        ("NOUN", "treaties", "treaty"),
        ("NOUN", "men", "man"),
        ("NOUN", "grzywnas", None),
    ],
)
def test_dictionary_lemmas(pos, form, lemma):
    assert dictionaries()[pos].lemma(form, base=False) == lemma


def test_uninflected_verbs_keep_their_form():
    assert dictionaries()["VERB"].lemma("need", base=True) == "need"


@pytest.mark.parametrize(
    ("text", "norm"),
    [
        ("Ministry of Foreign Affairs", "ministry"),
        ("Bosnia and Herzegovina", "herzegovina"),
        ("Court of Appeals (Sweden)", "court"),
        ("18 February 1999", "february"),
        ("Kofi Annan", "annan"),
    ],
)
def test_norm_of_merged_tokens(text, norm):
    assert merged_norm(text) == norm


def test_missing_pipeline():
    with pytest.raises(PipelineError, match="cannot be loaded"):
        load_pipeline("no_such_pipeline_xx")


def test_pipeline_without_parser(tmp_path):
    spacy.blank("en").to_disk(tmp_path)
    with pytest.raises(PipelineError, match="no dependency parser"):
        load_pipeline(str(tmp_path))


def test_pipeline_with_other_labels(tmp_path):
    other = spacy.blank("en")
    parser = other.add_pipe("parser")
    for label in ("nsubj", "dobj", "pobj"):
        parser.add_label(label)
    other.initialize()
    other.to_disk(tmp_path)
    with pytest.raises(PipelineError, match="does not speak Universal Dependencies"):
        load_pipeline(str(tmp_path))


def test_broken_pipeline(tmp_path):
    shutil.copy(SHIPPED / "meta.json", tmp_path)
    with pytest.raises(PipelineError, match="cannot be loaded"):
        load_pipeline(str(tmp_path))
