"""Gold sentences as read, and the variants made of them for training."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
import spacy

from kg.training.recipe import Variants
from kg.training.sources import augment
from kg.training.sources.conllu import GoldProposition, NameSpan, TreebankError, read_conllu, read_iob2
from kg.training.sources.corpora import CorpusError, corpus_sentences
from kg.training.sources.gold_docs import to_doc
from kg.training.sources.gum_names import with_gum_names
from kg.training.sources.material import Varied
from kg.training.sources.propbank import PropBankError, read_rolesets, with_propositions

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
    assert sentence.names == (NameSpan(0, 1, "LOC"), NameSpan(2, 5, "ORG"))


def test_names_in_iob2(tmp_path):
    path = tmp_path / "some.iob2"
    path.write_text(IOB2, encoding="utf-8")
    assert read_iob2(path) == {("one", "Bonn", "and", "New", "Delhi"): (NameSpan(0, 1, "LOC"), NameSpan(2, 4, "LOC"))}


def test_merging_keeps_the_tree(sentence):
    merged = augment.merged(sentence, augment.mergeable(sentence))
    assert [word.form for word in merged.words] == ["Norway", "'s", "Ministry of Finance", "did", "n't", "pay", "on", "May 3, 1994", "."]
    by_form = {word.form: word for word in merged.words}
    ministry, date = by_form["Ministry of Finance"], by_form["May 3, 1994"]
    assert (ministry.upos, ministry.deprel, merged.words[ministry.head].form) == ("PROPN", "nsubj", "pay")
    assert (date.upos, date.deprel, merged.words[date.head].form) == ("NUM", "obl", "pay")
    assert merged.names == (NameSpan(0, 1, "LOC"), NameSpan(2, 3, "ORG"))


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
    [
        ("organized", "organised"),
        ("labor", "labour"),
        ("centers", "centres"),
        ("seized", "seized"),
        ("size", "size"),
        ("defense", "defence"),
    ],
)
def test_british_spelling(american, spelling):
    assert augment.british(american) == spelling


def test_missing_treebank(tmp_path):
    with pytest.raises(TreebankError, match="is missing"):
        next(read_conllu(tmp_path / "none.conllu"))


def test_propositions_are_carried_over_to_merged_words(sentence):
    """A word merged from several fills one role of each predicate, and is not a predicate itself."""
    told = replace(
        sentence,
        propositions=(
            GoldProposition(7, "pay.01", (("ARG0", 2), ("ARGM-NEG", 6), ("ARGM-TMP", 9), ("ARG1", 12))),
            GoldProposition(4, "finance.01", (("ARG0", 2),)),
        ),
    )
    merged = augment.merged(told, augment.mergeable(told))
    assert merged.propositions == (GoldProposition(5, "pay.01", (("ARG0", 2), ("ARGM-NEG", 4), ("ARGM-TMP", 7))),)


def test_variants_are_drawn_anew_and_leave_the_sentence_be(sentence):
    every = Variants(merged=1.0, merge_span=1.0, other_name=0.0, other_quotes=1.0, british=0.0, lower=0.0)
    varied = Varied([sentence], every)(sentence, random.Random(1))
    assert [word.form for word in varied.words[1:4]] == ["’s", "Ministry of Finance", "did"]
    none = Variants(merged=0.0, merge_span=0.0, other_name=0.0, other_quotes=0.0, british=0.0, lower=0.0)
    assert Varied([sentence], none)(sentence, random.Random(1)) is sentence
    lower = Variants(merged=0.0, merge_span=0.0, other_name=0.0, other_quotes=0.0, british=0.0, lower=1.0)
    assert Varied([sentence], lower)(sentence, random.Random(1)).words[0].form == "norway"


ROLESETS = """\
roleset\tname\taliases\troles\tverbnet\tframenet
pay.01\tgive money\tpay/v payment/n\t0:payer | 1:money\t\t
pay_off.02\tsettle\tpay_off/v\t0:payer\t\t
"""


def test_propbank(sentence, tmp_path):
    row = {"sent_id": "one", "words": 14, "predicates": [{"at": 7, "roleset": "pay.01", "args": [["ARG0", 0, 5], ["ARGM-TMP", 8, 13]]}]}
    (tmp_path / "train.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    (tmp_path / "rolesets.tsv").write_text(ROLESETS, encoding="utf-8")
    [told] = with_propositions([sentence], tmp_path, "train")
    assert told.propositions == (GoldProposition(7, "pay.01", (("ARG0", 2), ("ARGM-TMP", 9))),)
    first, second = read_rolesets(tmp_path)
    assert (first.aliases, second.aliases) == ((("pay", "v"), ("payment", "n")), (("pay_off", "v"),))
    assert first.description == "pay: give money. payer; money"
    with pytest.raises(PropBankError, match=r"dev\.jsonl is missing"):
        next(with_propositions([sentence], tmp_path, "dev"))


@pytest.fixture
def wikigold(tmp_path):
    path = tmp_path / "wikigold/CONLL-format/data/wikigold.conll.txt"
    path.parent.mkdir(parents=True)
    return path


def test_other_corpora(wikigold, tmp_path):
    wikigold.write_text("Vane I-PER\n's O\nLoweish I-MISC\nbank O\n. O\n\n", encoding="utf-8")
    found = corpus_sentences(tmp_path)
    first = next(found)
    assert (first.names, first.unsure, first.parsed) == ((NameSpan(0, 1, "PER"),), {2}, False)
    assert [word.space_after for word in first.words] == [False, True, True, False, True]
    with pytest.raises(CorpusError, match="is missing"):
        list(found)


def test_names_next_to_each_other_and_handles(wikigold, tmp_path):
    wikigold.write_text("@vane B-PER\nAda\tB-PER\nAcme\tB-ORG\nBank\tI-ORG\n", encoding="utf-8")
    first = next(corpus_sentences(tmp_path))
    assert (first.names, first.unsure) == ((NameSpan(1, 2, "PER"), NameSpan(2, 4, "ORG")), {0})
