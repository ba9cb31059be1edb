"""The encoder's parts: pieces, sentences, the best tree, names, senses and arguments; errors for folders without a model."""

from __future__ import annotations

import itertools
import shutil

import numpy as np
import pytest

from kg.language.encoder import Argument, PipelineError, Proposition, load_pipeline
from kg.language.encoder.arborescence import best_tree
from kg.language.encoder.clauses import crosses, kept_apart, separators
from kg.language.encoder.dictionary import dictionaries, dictionary_lemma
from kg.language.encoder.folder import LABELS, NETWORK
from kg.language.encoder.lemma_edits import apply_script, lemma_script
from kg.language.encoder.nametags import NameTags
from kg.language.encoder.pipeline import SHIPPED
from kg.language.encoder.propositions import Rolesets, propositions
from kg.language.encoder.runtime import SentenceScores
from kg.language.encoder.segmentation import LONGEST, cut, sentence_spans
from kg.language.encoder.word_pieces import PIECES_FILE, SHAPES, WordPieceReader, shape

TAGS = ("O", "B-PER", "I-PER", "L-PER", "U-PER", "B-ORG", "I-ORG", "L-ORG", "U-ORG")


@pytest.fixture(scope="module")
def pieces():
    return WordPieceReader(SHIPPED / PIECES_FILE)


@pytest.mark.parametrize(
    ("text", "expected"), [("pact", 0), ("Pact", 1), ("NATO", 2), ("A", 3), ("12th", 4), ("McKay", 5), ("iPhone", 6), ("–", 7), ("", 7)]
)
def test_shapes(text, expected):
    assert shape(text) == expected


def test_a_name_of_several_words_is_one_word_of_many_pieces(pieces):
    whole, parts = pieces.word("Port Lowe Accord"), [pieces.word(text) for text in ("Port", "Lowe", "Accord")]
    assert whole.numbers == tuple(number for part in parts for number in part.numbers)
    assert [kind >= SHAPES for kind in whole.kinds] == [False] * len(parts[0].kinds) + [True] * sum(len(p.kinds) for p in parts[1:])


def test_every_word_has_a_piece(pieces):
    words = ["", " ", "\n", "x" * 500, "🜁", "met"]
    read = pieces.sentence(words)
    assert set(read.words) == {-1, *range(len(words))}
    assert len(read.numbers) == len(read.kinds) == len(read.words)


@pytest.mark.parametrize(("form", "lemma"), [("Parties", "party"), ("went", "go"), ("Danes", "Dane"), ("is", "be"), ("UN", "UN")])
def test_lemma_scripts(form, lemma):
    assert apply_script(form, lemma_script(form, lemma)) == lemma


def test_a_script_that_takes_off_too_much_leaves_the_form():
    assert apply_script("We", lemma_script("treaties", "treaty").replace(" 3 ", " 9 ")) == "we"


@pytest.mark.parametrize(
    ("pos", "form", "lemma"),
    [
        ("VERB", "mediated", "mediate"), ("VERB", "swapped", "swap"), ("VERB", "overthrew", "overthrow"), ("VERB", "flown", "fly"),
        ("VERB", "organised", "organise"), ("VERB", "goes", "go"), ("NOUN", "treaties", "treaty"), ("NOUN", "men", "man"),
        ("NOUN", "grzywnas", None),
    ],
)  # fmt: skip
def test_dictionary_lemmas(pos, form, lemma):
    assert dictionaries()[pos].lemma(form, base=False) == lemma
    assert dictionary_lemma(form.title(), pos, "NNS") == lemma
    assert dictionary_lemma(form, "ADJ", "JJ") is None


@pytest.mark.parametrize(
    ("text", "starts", "spans"),
    [
        ("They met . They left", [1, 0, 0, 0, 0], [(0, 3), (3, 5)]),
        ("They met . ” They left", [1, 0, 0, 0, 0, 0], [(0, 4), (4, 6)]),
        ("It fell ( e . g . apples )", [1, 0, 0, 0, 0, 0, 0, 0, 0], [(0, 9)]),
        ("They met . They left", [1, -1, -1, -1, -1], [(0, 5)]),
        ("Bern Basel . Chur", [1, 1, -1, -1], [(0, 1), (1, 4)]),
    ],
)
def test_sentences(text, starts, spans):
    assert sentence_spans(text.split(), starts) == spans


def test_an_empty_text_has_no_sentence():
    assert sentence_spans([], []) == []


def test_a_long_sentence_is_cut_at_its_marks(pieces):
    texts = (["one"] * 150 + [";"]) * 4
    parts = cut((0, len(texts)), texts, pieces)
    assert [end for _, end in parts] == [151, 302, 453, 604]
    unmarked = cut((0, 1000), ["one"] * 1000, pieces)
    assert [b - a for a, b in unmarked] == [LONGEST] * 4 + [40]
    assert cut((3, 9), ["one"] * 9, pieces) == [(3, 9)]


def heads_by_search(scores):
    """Find the best tree with a single root by exhaustive search."""
    size = len(scores)
    best = None
    for heads in itertools.product(range(size + 1), repeat=size):
        if heads.count(0) == 1 and all(reaches_root(heads, word) for word in range(size)):
            worth = sum(scores[word, head] for word, head in enumerate(heads))
            best = max(best or (worth, heads), (worth, heads))
    return best[1]


def reaches_root(heads, word):
    for _ in range(len(heads)):
        if heads[word] == 0:
            return True
        word = heads[word] - 1
    return False


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_the_best_tree_is_the_best_of_all(size):
    rng = np.random.default_rng(size)
    for _ in range(30):
        scores = rng.normal(size=(size, size + 1)).astype(np.float32)
        assert tuple(best_tree(scores)) == heads_by_search(scores)


def test_trees_of_long_sentences_have_one_root_and_no_cycle():
    rng = np.random.default_rng(7)
    for size in (40, 200):
        heads = best_tree(rng.normal(size=(size, size + 1)).astype(np.float32)).tolist()
        assert heads.count(0) == 1
        assert all(reaches_root(heads, word) for word in range(size))


@pytest.mark.parametrize(
    ("tags", "marks"),
    [("PRP VBD : PRP VBD", [2]), ("PRP VBD : NN NN", []), ("NN : PRP VBD", []), ("PRP VBD : PRP MD VB : PRP VBZ", [2, 6])],
)
def test_semicolons_between_main_clauses(tags, marks):
    texts = [";" if tag == ":" else "word" for tag in tags.split()]
    assert separators(texts, tags.split()) == marks


def test_one_arc_crosses_a_semicolon():
    """Without the mark, the subject of the first clause would be attached to the verb of the second."""
    arcs = np.zeros((5, 6), dtype=np.float32)
    for word, head, worth in [(0, 5, 9), (0, 2, 8), (1, 0, 9), (2, 2, 9), (3, 5, 9), (4, 2, 5), (4, 0, 4)]:
        arcs[word, head] = worth
    assert best_tree(arcs).tolist() == [5, 0, 2, 5, 2]
    heads = best_tree(kept_apart(arcs, [2])).tolist()
    assert heads == [2, 0, 2, 5, 2]
    assert [word for word, head in enumerate(heads) if head and crosses(word, head - 1, [2])] == [4]


def test_names_of_tags_that_make_no_sense_are_mended():
    decode = NameTags(TAGS)
    scores = np.full((4, len(TAGS)), -5.0, dtype=np.float32)
    for word, (tag, worth) in enumerate([("B-PER", 2.0), ("L-ORG", 1.0), ("O", 3.0), ("B-ORG", 1.0)]):
        scores[word, TAGS.index(tag)] = worth
    scores[1, TAGS.index("L-PER")] = 0.9
    scores[3, TAGS.index("U-ORG")] = 0.8
    assert decode.names(scores) == [(0, 2, "PER"), (3, 4, "ORG")]


def test_the_best_names_are_the_best_of_all_sequences():
    decode = NameTags(TAGS[:5])
    for seed in range(20):
        scores = np.random.default_rng(seed).normal(size=(4, 5)).astype(np.float32)
        ways = [way for way in itertools.product(range(5), repeat=4) if makes_sense([TAGS[tag] for tag in way])]
        best = max(ways, key=lambda way: scores[range(4), list(way)].sum())
        assert decode.names(scores) == decode._spans(np.array(best))


def makes_sense(tags):
    inside = False
    for tag in tags:
        if (tag[0] in "IL") != inside:
            return False
        inside = tag[0] in "BI"
    return not inside


ROLESETS = Rolesets(
    names=("sign.02", "meet.03", "sign.01", "treat.03"),
    known=2,
    senses={"sign": (2, 0), "meet": (1,), "treat": (3,)},
    vectors=np.eye(4, dtype=np.float32),
    biases=np.zeros(4, dtype=np.float32),
)


@pytest.mark.parametrize(
    ("lemma", "expected"),
    [("sign", ("sign.02", False)), ("meet", ("meet.03", False)), ("treat", ("treat.03", True)), ("grzywna", (None, True))],
)
def test_senses(lemma, expected):
    """A sense seen in training takes precedence; if there is none, the first of the table is taken and reported as a fallback."""
    assert ROLESETS.choose(lemma, np.array([0, 0, 9, 0], dtype=np.float32)) == expected


def test_the_sense_that_fits_best():
    senses = Rolesets(("a.01", "a.02"), 2, {"a": (0, 1)}, np.eye(2, dtype=np.float32), np.array([0.5, 0], dtype=np.float32))
    assert [senses.choose("a", np.array(said, dtype=np.float32))[0] for said in ([1, 1], [0, 1], [1, 0])] == ["a.01", "a.02", "a.01"]


def test_arguments():
    """Each numbered role has one filler, the one with the highest score; a predicate is not its own argument."""
    size = 4
    nothing = {name: np.zeros((size, size), dtype=np.int64) for name in SentenceScores.__slots__}
    role, score = np.zeros((size, size), dtype=np.int64), np.zeros((size, size), dtype=np.float32)
    role[1], score[1] = [1, 1, 1, 2], [3, 9, 4, 1]
    scores = SentenceScores(**nothing | {"predicate": np.array([0, 1, 0, 0]), "role": role, "role_score": score})
    [found] = propositions(scores, ["we", "Meet", "you", "now"], ("_", "ARG0", "ARGM-TMP"), ROLESETS, start=10)
    assert found == Proposition(11, "meet.03", False, (Argument("ARG0", 12), Argument("ARGM-TMP", 13)))


def test_missing_model(tmp_path):
    with pytest.raises(PipelineError, match=r"no_such_model' cannot be loaded: it is no folder.*--model"):
        load_pipeline("no_such_model")
    with pytest.raises(PipelineError, match=r"holds no model \(there is no reader\.onnx, no labels\.json"):
        load_pipeline(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (NETWORK, "nonsense", "no network"),
        (LABELS, "{}", "cannot be loaded"),
        (LABELS, "[1", "cannot be loaded"),
        (PIECES_FILE, "{}", "no tokenizer"),
        ("senses.npz", "nonsense", "cannot be loaded"),
    ],
)
def test_broken_model(tmp_path, name, content, said):
    folder = tmp_path / "model"
    shutil.copytree(SHIPPED, folder)
    (folder / name).write_text(content)
    with pytest.raises(PipelineError, match=said):
        load_pipeline(folder)


def test_a_pickle_is_not_opened(tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(SHIPPED, folder)
    np.savez(folder / "senses.npz", vectors=np.array([print], dtype=object), scales=np.ones(1), biases=np.ones(1))
    with pytest.raises(PipelineError, match="allow_pickle"):
        load_pipeline(folder)


def test_model_with_other_labels(tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(SHIPPED, folder)
    labels = (folder / LABELS).read_text(encoding="utf-8").replace('"nsubj:pass"', '"nsubjpass"')
    (folder / LABELS).write_text(labels, encoding="utf-8")
    with pytest.raises(PipelineError, match=r"does not speak Universal Dependencies \(it lacks the labels nsubj:pass\)"):
        load_pipeline(folder)
