"""Gold sentences as they are read, and the variants made of them for training."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import spacy
from spacy.attrs import NORM

from kg.language.parsing.pipeline import load_pipeline
from kg.language.parsing.recogniser.component import recogniser_of
from kg.language.training import augment
from kg.language.training.conllu import Name, TreebankError, read_conllu, read_iob2
from kg.language.training.convert import to_doc
from kg.language.training.names import with_gum_names
from kg.language.training.recognise import NoNamesError, settings, train_names
from kg.language.training.train import Sources, train

CONLLU = """\
# sent_id = one
# text = Norway's Ministry of Finance didn't pay on May 3, 1994.
1-2\tNorway's\t_\t_\t_\t_\t_\t_\t_\t_
1\tNorway\tNorway\tPROPN\tNNP\tNumber=Sing\t3\tnmod:poss\t_\tEntity=(1-place-new-cf1-1-sgl)
2\t's\t's\tPART\tPOS\t_\t1\tcase\t_\t_
3\tMinistry\tMinistry\tPROPN\tNNP\tNumber=Sing\t8\tnsubj\t_\tEntity=(2-organization-new-cf1-1-sgl
4\tof\tof\tADP\tIN\t_\t5\tcase\t_\t_
5\tFinance\tFinance\tPROPN\tNNP\tNumber=Sing\t3\tnmod\t_\tEntity=2)
6-7\tdidn't\t_\t_\t_\t_\t_\t_\t_\t_
6\tdid\tdo\tAUX\tVBD\t_\t8\taux\t_\t_
7\tn't\tnot\tPART\tRB\t_\t8\tadvmod\t_\t_
8\tpay\tpay\tVERB\tVB\tVerbForm=Inf\t0\troot\t_\t_
9\ton\ton\tADP\tIN\t_\t10\tcase\t_\t_
10\tMay\tMay\tPROPN\tNNP\tNumber=Sing\t8\tobl\t_\t_
11\t3\t3\tNUM\tCD\tNumType=Card\t10\tnummod\t_\tSpaceAfter=No
12\t,\t,\tPUNCT\t,\t_\t13\tpunct\t_\t_
13\t1994\t1994\tNUM\tCD\tNumType=Card\t10\tnmod:unmarked\t_\tSpaceAfter=No
14\t.\t.\tPUNCT\t.\t_\t8\tpunct\t_\t_

"""
IOB2 = "# sent_id = one\n1\tBonn\tB-LOC\t-\n2\tand\tO\n3\tNew\tB-LOC\t-\n4\tDelhi\tI-LOC\t-\n\n"


@pytest.fixture
def sentence(tmp_path):
    path = tmp_path / "some.conllu"
    path.write_text(CONLLU, encoding="utf-8")
    return with_gum_names(next(read_conllu(path)))


def test_spacing_and_heads(sentence):
    doc = to_doc(sentence, spacy.blank("en").vocab)
    assert doc.text.strip() == "Norway's Ministry of Finance didn't pay on May 3, 1994."
    assert [token.text for token in doc if token.head == token] == ["pay"]


def test_names_of_mentions(sentence):
    assert sentence.names == (Name(0, 1, "LOC"), Name(2, 5, "ORG"))


def test_names_in_iob2(tmp_path):
    path = tmp_path / "some.iob2"
    path.write_text(IOB2, encoding="utf-8")
    assert read_iob2(path) == {("one", "Bonn", "and", "New", "Delhi"): (Name(0, 1, "LOC"), Name(2, 4, "LOC"))}


def test_merging_keeps_the_tree(sentence):
    merged = augment.merged(sentence, augment.mergeable(sentence))
    assert [word.form for word in merged.words] == [
        "Norway", "'s", "Ministry of Finance", "did", "n't", "pay", "on", "May 3, 1994", "."
    ]
    by_form = {word.form: word for word in merged.words}
    ministry, date = by_form["Ministry of Finance"], by_form["May 3, 1994"]
    assert (ministry.upos, ministry.deprel, merged.words[ministry.head].form) == ("PROPN", "nsubj", "pay")
    assert (date.upos, date.deprel, merged.words[date.head].form) == ("NUM", "obl", "pay")
    assert merged.names == (Name(0, 1, "LOC"), Name(2, 3, "ORG"))


def test_other_names_and_forms_of_dates(sentence):
    merged = augment.merged(sentence, augment.mergeable(sentence))
    renamed = augment.with_other_names(merged, {"ORG": ["Court of Audit"]}, 1.0, random.Random(1))
    assert renamed.words[2].form == "Court of Audit"
    forms = {augment.with_other_date_form(merged, random.Random(seed)).words[7].form for seed in range(20)}
    assert forms == {"May 3, 1994", "3 May 1994"}


def test_curly_apostrophes(sentence):
    assert [word.form for word in augment.with_other_quotes(sentence).words][:2] == ["Norway", "’s"]


@pytest.mark.parametrize(
    ("american", "spelling"),
    [("organized", "organised"), ("labor", "labour"),
     ("centers", "centres"), ("seized", "seized"), ("size", "size"), ("defense", "defence")],
)
def test_british_spelling(american, spelling):
    assert augment.british(american) == spelling


def test_missing_treebank(tmp_path):
    with pytest.raises(TreebankError, match="is missing"):
        next(read_conllu(tmp_path / "none.conllu"))


@pytest.fixture
def short_treebanks(shared: Path, tmp_path: Path) -> Path:
    """The first sentences of each treebank, and all names."""
    for path in (shared / "treebanks").glob("*/*.conllu"):
        target = tmp_path / "treebanks" / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("".join(f"{block}\n\n" for block in path.read_text(encoding="utf-8").split("\n\n")[:40]), encoding="utf-8")
    (tmp_path / "treebanks" / "uner-ewt").symlink_to(shared / "treebanks" / "uner-ewt")
    return tmp_path / "treebanks"


def test_the_whole_recipe_runs(short_treebanks, tmp_path):
    figures = train(Sources(short_treebanks), tmp_path / "out", overrides={"training.max_steps": 2, "training.eval_frequency": 2})
    assert {name: found.sentences for name, found in figures.items()} == {"pud/test": 40, "ewt/test": 40, "gum/test": 40}
    trained = spacy.load(tmp_path / "out" / "model", exclude=["ner"])
    assert trained.vocab.vectors.attr == NORM


def test_a_round_without_names_says_so():
    with pytest.raises(NoNamesError, match="ewt, gum, others"):
        train_names(recogniser_of(load_pipeline()), {}, [], settings())
