"""The faster forward pass: the same annotations as spaCy's own, whatever stands beside a sentence; other architectures are left alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.ml.models.tok2vec import MaxoutWindowEncoder, MishWindowEncoder
from spacy.pipeline import DependencyParser
from spacy.tokens import Doc
from thinc.api import Linear, use_ops

from kg.language.parsing.decoding import StepwiseParser, quicken_lemmas, quicken_parser
from kg.language.parsing.inference import Encoder, WordRows, encoder_of, quicken_vectors
from kg.language.parsing.pipeline import SHIPPED, load_pipeline
from kg.wikitext import read_article

SEED = next((Path(__file__).parents[2] / "seeds").glob("*.wiki"))


@pytest.fixture(scope="module")
def texts():
    return [passage.text for passage in read_article(SEED.read_text(encoding="utf-8"), SEED.stem).passages]


@pytest.fixture(scope="module")
def stock():
    with use_ops("numpy", use_blis=False):
        nlp = spacy.load(SHIPPED)
    nlp.vocab.vectors.data = nlp.vocab.vectors.data.astype("float32")
    return nlp


@pytest.fixture(scope="module")
def quick():
    return load_pipeline()


def annotations(docs):
    words = (token for doc in docs for token in doc)
    return [(t.text, t.tag_, t.pos_, str(t.morph), t.head.i, t.dep_, t.ent_iob_, t.ent_type_) for t in words]


def test_same_annotations(texts, stock, quick):
    with quick.select_pipes(disable=[name for name in quick.pipe_names if name not in stock.pipe_names]):
        found, expected = list(quick.pipe(texts)), list(stock.pipe(texts))
    assert annotations(found) == annotations(expected)
    assert max(np.abs(one.tensor - other.tensor).max() for one, other in zip(found, expected, strict=True) if len(one)) < 1e-4


def test_same_lemmas(texts, stock, quick):
    words = [[token.text for token in quick.make_doc(text)] for text in texts]
    docs = [[Doc(nlp.vocab, words=chosen, lemmas=["x" if w == "of" else "" for w in chosen]) for chosen in words] for nlp in (stock, quick)]
    for nlp, chosen in zip((stock, quick), docs, strict=True):
        for name in ("tok2vec", "trainable_lemmatizer"):
            list(nlp.get_pipe(name).pipe(chosen))
    stock_lemmas, quick_lemmas = ([token.lemma_ for doc in chosen for token in doc] for chosen in docs)
    assert quick_lemmas == stock_lemmas
    assert {"x", "be"} <= set(quick_lemmas)


def test_lemmatisers_with_other_settings_are_left_alone():
    for settings in ({"overwrite": True}, {"top_k": 2}, {"backoff": "lower"}):
        component = spacy.blank("en").add_pipe("trainable_lemmatizer", config=settings)
        assert not quicken_lemmas(component)


def test_parsers_with_a_beam_are_left_alone(quick):
    nlp = spacy.blank("en")
    nlp.add_pipe("beam_parser", name="parser")
    assert not quicken_parser(nlp)
    assert type(nlp.get_pipe("parser")) is DependencyParser
    assert type(quick.get_pipe("parser")) is StepwiseParser


def test_scores_of_names_are_those_of_the_network(texts, quick):
    recogniser = quick.get_pipe("ner")
    codes = [recogniser.codes(quick.make_doc(text)) for text in texts]
    codes = [found for found in codes if len(found)]
    assert recogniser.scores != recogniser._scores
    assert np.abs(recogniser.scores(codes) - recogniser._scores(codes)).max() < 1e-3


def test_annotations_do_not_depend_on_what_was_read_before(texts):
    """Stored annotations are the same in any order; sums may be rounded otherwise, as a processor's kernels have it."""
    orders = [sorted(texts), sorted(texts, key=len), texts[::-1]]
    found, tensors = [], []
    for order in orders:
        nlp = load_pipeline()
        list(nlp.pipe(order))
        docs = list(nlp.pipe(texts))
        found.append(annotations(docs))
        tensors.append(np.concatenate([doc.tensor for doc in docs if len(doc)]))
    assert found[0] == found[1] == found[2]
    assert max(np.abs(tensors[0] - other).max() for other in tensors[1:]) < 1e-4


def test_memory_of_words_is_bounded(monkeypatch):
    monkeypatch.setattr("kg.language.parsing.inference._REMEMBERED", 100)
    rows = WordRows(2, lambda words: np.array([[word, -word] for word in words], dtype=np.float32))
    for start in range(0, 3000, 60):
        words = [start + number % 50 for number in range(60)]
        assert rows.table[rows.places(words)].tolist() == [[word, -word] for word in words]
    assert len(rows.table) == 1024
    assert not rows.table[0].any()


@pytest.mark.parametrize("words", [0, 1, 2, 700])
def test_encoder_is_that_of_spacy(words):
    with use_ops("numpy", use_blis=False):
        model = MaxoutWindowEncoder(16, 1, 2, 3)
        model.initialize()
    vectors = np.random.default_rng(words).normal(size=(words, 16)).astype(np.float32)
    rows = WordRows(16, lambda chosen: vectors[np.array(chosen)])
    sentences = [list(range(words)), list(range(words // 2))]
    encoder = encoder_of(model)
    assert isinstance(encoder, Encoder)
    found = encoder(rows, [rows.places(sentence) for sentence in sentences])
    for one, other in zip(found, model.predict([vectors[: len(sentence)] for sentence in sentences]), strict=True):
        assert one.shape == other.shape
        assert np.allclose(one, other, atol=1e-4)


@pytest.mark.parametrize("other", [lambda: MaxoutWindowEncoder(16, 2, 2, 3), lambda: MishWindowEncoder(16, 1, 3), lambda: Linear(4, 4)])
def test_other_encoders_are_left_alone(other):
    model = other()
    model.initialize(*([np.zeros((2, 4), dtype=np.float32)] if model.name == "linear" else []))
    assert encoder_of(model) is None


def test_other_embeddings_are_left_alone():
    nlp = spacy.blank("en")
    config = {"embed": {"@architectures": "spacy.MultiHashEmbed.v2", "width": 16, "attrs": ["NORM", "SPACY"], "rows": [50, 50]}}
    encode = {"@architectures": "spacy.MaxoutWindowEncoder.v2", "width": 16, "depth": 2, "window_size": 1, "maxout_pieces": 3}
    model = {"@architectures": "spacy.Tok2Vec.v2", "embed": config["embed"] | {"include_static_vectors": False}, "encode": encode}
    component = nlp.add_pipe("tok2vec", config={"model": model})
    nlp.initialize()
    before = component.model
    assert not quicken_vectors(component, nlp.vocab)
    assert component.model is before
