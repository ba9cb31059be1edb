"""The recogniser of names: its sequences of tags, what it learns from, how it is stored and that it can learn."""

from __future__ import annotations

import random
from itertools import pairwise, product

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc
from thinc.api import fix_random_seed, use_ops

from kg.language.parsing.pipeline import load_pipeline
from kg.language.parsing.recogniser import NameRecogniser
from kg.language.parsing.recogniser.features import CASE, WordCodes, WordTable, in_sentence
from kg.language.parsing.recogniser.hashing import hash_of
from kg.language.parsing.recogniser.tags import BEGINS, ENDS, FOLLOWS, NUMBERS, TAGS, best_tags, padded, spans
from kg.language.training.chain import chances
from kg.language.training.conllu import Name, Sentence, Word
from kg.language.training.corpora import CorpusError, corpus_sentences
from kg.language.training.recognise import settings, train_names
from kg.language.training.samples import Sample, Variants, allowed_tags, samples
from kg.language.training.words import place_words, ranked

LENGTHS = [3, 1, 2]
SENTENCE = "Ms Vane left Acme Bank for Port Lowe ."
NAMES = (Name(1, 2, "PER"), Name(3, 5, "ORG"), Name(6, 8, "LOC"))


@pytest.fixture(scope="module")
def scores():
    rng = np.random.default_rng(3)
    table = padded(rng.normal(size=(sum(LENGTHS), len(TAGS))).astype(np.float32), LENGTHS)
    return table, *(rng.normal(size=size).astype(np.float32) for size in ((len(TAGS), len(TAGS)), len(TAGS), len(TAGS)))


def sequences(length):
    """All legal sequences of tags, one by one."""
    for tags in product(range(len(TAGS)), repeat=length):
        if BEGINS[tags[0]] and ENDS[tags[-1]] and all(FOLLOWS[pair] for pair in pairwise(tags)):
            yield tags


def worth(tags, sentence, table, transitions, first, last):
    pairs = sum(transitions[pair] for pair in pairwise(tags))
    return first[tags[0]] + last[tags[-1]] + pairs + sum(table[index, sentence, tag] for index, tag in enumerate(tags))


def test_best_tags_are_the_best_of_all(scores):
    expected = [list(max(sequences(length), key=lambda tags, s=s: worth(tags, s, *scores))) for s, length in enumerate(LENGTHS)]
    assert best_tags(scores[0], LENGTHS, *scores[1:]) == expected


def test_chances_are_those_of_all_sequences(scores):
    found = chances(scores[0], LENGTHS, np.ones_like(scores[0], dtype=bool), *scores[1:])
    tags, pairs = np.zeros_like(scores[0]), np.zeros((len(TAGS), len(TAGS)))
    for sentence, length in enumerate(LENGTHS):
        every = [(sequence, np.exp(worth(sequence, sentence, *scores))) for sequence in sequences(length)]
        whole = sum(weight for _, weight in every)
        assert found.weight[sentence] == pytest.approx(np.log(whole), rel=1e-4)
        for sequence, weight in every:
            for index, tag in enumerate(sequence):
                tags[index, sentence, tag] += weight / whole
            for pair in pairwise(sequence):
                pairs[pair] += weight / whole
    np.testing.assert_allclose(found.tags, tags, atol=1e-4)
    np.testing.assert_allclose(found.pairs, pairs, atol=1e-4)


def test_chances_of_allowed_tags_alone(scores):
    allowed = np.zeros_like(scores[0], dtype=bool)
    for index, tag in enumerate(("B-ORG", "L-ORG", "O")):
        allowed[index, 0, NUMBERS[tag]] = True
    allowed[:, 1:, 0] = True
    found = chances(scores[0], LENGTHS, allowed, *scores[1:])
    assert [TAGS[number] for number in found.tags[:, 0].argmax(axis=1)] == ["B-ORG", "L-ORG", "O"]
    assert found.weight[0] == pytest.approx(worth((NUMBERS["B-ORG"], NUMBERS["L-ORG"], 0), 0, *scores), rel=1e-4)


@pytest.fixture(scope="module")
def sample():
    nlp = spacy.blank("en")
    words = tuple(Word(form, form, "X", "", "", 0, "dep", True) for form in SENTENCE.split())
    [found] = samples([Sentence("", words, NAMES, frozenset({8}))], nlp, WordCodes(WordTable.empty()))
    return found


def test_names_and_tags(sample):
    allowed = allowed_tags(sample)
    assert allowed[8].all()
    assert (allowed[:8].sum(axis=1) == 1).all()
    assert [Name(*name) for name in spans([*allowed[:8].argmax(axis=1).tolist(), 0])] == list(NAMES)


def test_names_that_tokens_cut_through_are_left_open():
    forms = (("anti", False), ("-", False), ("Vane", True), ("won", True))
    words = tuple(Word(form, form, "X", "", "", 0, "dep", spaced) for form, spaced in forms)
    nlp = spacy.blank("en")
    nlp.tokenizer.add_special_case("anti-Vane", [{"ORTH": "anti-Vane"}])
    [found] = samples([Sentence("", words, (Name(2, 3, "PER"),))], nlp, WordCodes(WordTable.empty()))
    assert (found.names, found.unsure) == ((), {0})


def test_other_names_in_a_sentence(sample):
    variants = Variants.of([sample], {"sentence": 1.0, "name": 1.0, "lower": 0.0})
    for seed in range(5):
        variant = variants(sample, random.Random(seed))
        assert [name.label for name in variant.names] == ["PER", "ORG", "LOC"]
        assert variant.unsure == {len(variant) - 1}
        for name, source in zip(variant.names, NAMES, strict=True):
            np.testing.assert_array_equal(variant.codes[name.start : name.end], sample.codes[source.start : source.end])


def test_sentence_without_capitals(sample):
    variant = Variants.of([sample], {"sentence": 0.0, "name": 0.0, "lower": 1.0})(sample, random.Random(1))
    assert variant.names == NAMES
    assert set(variant.codes[:, CASE]) == {0, 1}


def test_words_of_the_table():
    table = WordTable(np.array([hash_of("lowe") >> 32], dtype=np.uint32), np.array([[7, 30, 4, 9]], dtype=np.uint16))
    nlp = spacy.blank("en")
    known, unknown = WordCodes(table)(nlp.make_doc("Lowe eLowe"))
    assert [int(code) for code in known[7:]] == [30, 4, 9, 7, 3]
    assert [int(code) for code in unknown[7:]] == [0, 0, 0, 0, 4]


@pytest.mark.parametrize(
    ("text", "kind"), [("we left", 1), ("WE LEFT", 2), ("Bank Of Port Lowe", 3), ("We left Acme Bank again", 4), ("3 , 4", 0)]
)
def test_capitals_of_the_sentence(text, kind):
    codes = in_sentence(WordCodes(WordTable.empty())(Doc(spacy.blank("en").vocab, words=text.split())))
    assert {int(code) // 16 for code in codes[:, CASE]} == {kind}


def test_learns_and_is_stored(sample, tmp_path):
    nlp = spacy.blank("en")
    fix_random_seed(1)
    with use_ops("numpy", use_blis=False):
        recogniser = NameRecogniser(nlp.vocab, WordTable.empty(), 16, 1)
    plan = settings() | {"round": [{"corpora": ["ewt"], "epochs": 60, "learn_rate": 0.02}]}
    plan["training"] = plan["training"] | {"dropout": 0.0, "feature_dropout": 0.0, "warm_up": 5}
    train_names(recogniser, {"ewt": [sample]}, [sample], plan | {"variants": {"sentence": 0.0, "name": 0.0, "lower": 0.0}})
    expected = [(name.start, name.end, name.label) for name in NAMES]
    assert recogniser.names([in_sentence(sample.codes)]) == [expected]
    for folder in ("once", "twice"):
        recogniser.to_disk(tmp_path / folder)
    files = [sorted((tmp_path / folder).iterdir()) for folder in ("once", "twice")]
    assert [path.read_bytes() for path in files[0]] == [path.read_bytes() for path in files[1]]
    read = NameRecogniser(nlp.vocab, WordTable.empty(), 8, 1).from_disk(tmp_path / "once")
    assert [(ent.start, ent.end, ent.label_) for ent in read(Doc(nlp.vocab, words=SENTENCE.split())).ents] == expected


def test_batches_make_no_difference():
    nlp = load_pipeline()
    texts = ["", "Ms Vane met the minister in Port Lowe.", "Nothing was said.", "The Acme Bank of Norway lent Peru $3 million, said Ada."]
    alone = [[(ent.text, ent.label_) for ent in nlp(text).ents] for text in texts]
    assert [[(ent.text, ent.label_) for ent in doc.ents] for doc in nlp.pipe(texts)] == alone
    assert any(alone)


@pytest.fixture
def wikigold(tmp_path):
    path = tmp_path / "wikigold/CONLL-format/data/wikigold.conll.txt"
    path.parent.mkdir(parents=True)
    return path


def test_other_corpora(wikigold, tmp_path):
    wikigold.write_text("Vane I-PER\n's O\nLoweish I-MISC\nbank O\n. O\n\n", encoding="utf-8")
    found = corpus_sentences(tmp_path)
    first = next(found)
    assert (first.names, first.unsure) == ((Name(0, 1, "PER"),), {2})
    assert [word.space_after for word in first.words] == [False, True, True, False, True]
    with pytest.raises(CorpusError, match="is missing"):
        list(found)


def test_names_next_to_each_other_and_handles(wikigold, tmp_path):
    wikigold.write_text("@vane B-PER\nAda\tB-PER\nAcme\tB-ORG\nBank\tI-ORG\n", encoding="utf-8")
    first = next(corpus_sentences(tmp_path))
    assert (first.names, first.unsure) == ((Name(1, 2, "PER"), Name(2, 4, "ORG")), {0})


def test_samples_hold_the_words_in_both_cases(sample):
    assert isinstance(sample, Sample)
    assert sample.codes.shape == sample.lower.shape == (9, CASE + 1)
    assert (sample.codes[:, 0] == sample.lower[:, 0]).all()


def test_words_of_places():
    sizes = {"Lowe": 1, "Port Lowe": 3, "Lowe-on-the-Water": 2}
    assert place_words(sizes) == {"lowe": 1 + 4 * 2, "port": 4, "on": 8, "water": 8}


def test_ranks_of_names():
    assert ranked([["ada", "bo", "cy"], ["cy"]], (1, 2)) == {"ada": 3, "bo": 2, "cy": 3}
