"""The shipped model: its figures on gold sentences, its files, and that its output for a sentence depends on that sentence alone."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path

import numpy as np
import pytest
from spacy.tokens import Doc

from kg.language.encoder import load_pipeline
from kg.language.encoder.pipeline import SHIPPED
from kg.language.encoder.runtime import OUTPUTS
from kg.language.parsing.plain import plain_docs, propositions_of
from kg.training.figures import evaluate, evaluate_propositions
from kg.training.sources.material import Sources, sentences

HERE = Path(__file__).parent
TOKENS = tomllib.loads((HERE / "tokens.toml").read_text(encoding="utf-8"))["case"]
FLOORS = tomllib.loads((HERE / "model_floors.toml").read_text(encoding="utf-8"))
MEGABYTE = 1_000_000
TEXTS = (
    "The minister met his colleague in Geneva on Monday.",
    "Both sides signed the accord, which was never ratified.",
    "No.",
    "After Vane's visit to Port Lowe in May 1994 the two governments, whose envoys had quarrelled, agreed to reopen the crossing.",
    "",
    "Trade grew.",
    "The signature of the pact by Iran, which its neighbours had long demanded, was welcomed by the Acme Bank of Norway and others.",
)


@pytest.fixture(scope="module")
def nlp():
    return load_pipeline()


@pytest.mark.parametrize("floor", FLOORS["parse"], ids=[floor["treebank"] for floor in FLOORS["parse"]])
def test_figures(nlp, shared, floor):
    sources = Sources(shared / "treebanks", shared / "corpora" / "propbank", Path())
    figures = evaluate(nlp, list(sentences(sources, floor["treebank"], floor["part"]))[:: floor["every"]])
    measured = {name: getattr(figures, name) for name in ("tag", "uas", "las", "lemma", "names") if name in floor}
    assert {name: share for name, share in measured.items() if share < floor[name]} == {}
    assert figures.single_root == 1


def test_figures_of_propositions(nlp, shared):
    floor = FLOORS["propositions"]
    sources = Sources(shared / "treebanks", shared / "corpora" / "propbank", Path())
    figures = evaluate_propositions(nlp, list(sentences(sources, "ewt", "test"))[:: floor.pop("every")])["all"]
    assert {name: getattr(figures, name).f for name in floor if getattr(figures, name).f < floor[name]} == {}


@pytest.mark.parametrize("words", TOKENS, ids="".join)
def test_words_are_split_as_in_the_treebanks(nlp, words):
    assert [token.text for token in nlp.tokenizer("".join(words)) if not token.is_space] == [word.strip() for word in words]


def test_size():
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*") if path.is_file()) <= 32 * MEGABYTE


def test_every_text_is_one_sentence_with_one_root(nlp):
    for doc in nlp.pipe(["They met. They left! He said: no; she agreed", "Founded: 1990\nCapital: Bern", "one two three four"]):
        assert sum(token.head == token for token in doc) == 1
        assert len(list(doc.sents)) == 1


def test_a_very_long_sentence_is_one_tree(nlp):
    doc = nlp("They met in Bern, " * 150)
    assert sum(token.head == token for token in doc) == 1


def said(doc):
    words = [(t.text, t.tag_, t.pos_, str(t.morph), t.lemma_, t.dep_, t.head.i, t.ent_iob_, t.ent_type_) for t in doc]
    return words, doc._.propositions


def test_the_same_annotation_whatever_is_read_beside_a_sentence(nlp):
    alone = [said(nlp(text)) for text in TEXTS]
    rng = random.Random(1)
    for size in (1, 2, 3, 256):
        order = rng.sample(range(len(TEXTS)), len(TEXTS))
        found = nlp.pipe([TEXTS[index] for index in order], batch_size=size)
        assert [said(doc) for doc in found] == [alone[index] for index in order]


def test_the_same_scores_to_the_last_bit_whatever_is_read_beside_a_sentence(nlp):
    model = nlp.get_pipe("encoder").model
    read = [model.pieces.sentence(text.split()) for text in TEXTS if text]
    alone = [model.network.read([sentence])[0] for sentence in read]
    for times in (1, 3, 40):
        for scores, expected in zip(model.network.read(read * times), alone * times, strict=True):
            assert all(np.array_equal(getattr(scores, name), getattr(expected, name)) for name, _ in OUTPUTS)


def test_words_that_are_names_of_several_words_stay_one_word(nlp):
    doc = next(nlp.pipe([Doc(nlp.vocab, words=["The", "Port Lowe Accord", "was", "signed", "on", "3 May 1994", "."])]))
    assert [token.dep_ for token in doc] == ["det", "nsubj:pass", "aux:pass", "ROOT", "case", "obl", "punct"]
    assert doc[1].lemma_ == "Port Lowe Accord"
    [signing] = [p for p in doc._.propositions if p.predicate == 3]
    assert signing.roleset in ("sign.01", "sign.02")
    assert {("ARG1", 1), ("ARGM-TMP", 5)} <= {(a.label, a.head) for a in signing.arguments}


def test_a_document_of_several_sentences(nlp):
    with nlp.select_pipes(disable=["one_sentence"]):
        doc = nlp("They met in Bern. Ms Vane signed the pact.")
        assert [sentence.text for sentence in doc.sents] == ["They met in Bern.", "Ms Vane signed the pact."]
        assert {doc[p.predicate].text for p in doc._.propositions} >= {"met", "signed"}
        assert all(doc[p.predicate].sent == doc[a.head].sent for p in doc._.propositions for a in p.arguments)


def test_quotation_marks_make_no_difference(nlp):
    straight, curly = nlp('The president said: "We won\'t sign it."'), nlp("The president said: “We won’t sign it.”")
    assert [token.pos_ for token in straight] == [token.pos_ for token in curly]
    assert [token.head.i for token in straight] == [token.head.i for token in curly]


def test_plain_docs_have_the_propositions(nlp):
    doc = nlp("Ms Vane signed the pact.")
    [plain] = plain_docs([doc])
    assert propositions_of(plain) == propositions_of(doc) == doc._.propositions != ()
