"""Convert gold sentences to spaCy Docs, with or without annotation."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from kg.training.sources.conllu import GoldSentence


def to_doc(sentence: GoldSentence, vocab: Vocab) -> Doc:
    """Return a Doc with the sentence's tags, morphology, lemmas, tree and names; unknown names are missing values."""
    words = sentence.words
    doc = Doc(
        vocab,
        words=[word.form for word in words],
        spaces=[word.space_after for word in words],
        tags=[word.xpos for word in words],
        pos=[word.upos for word in words],
        morphs=[word.feats for word in words],
        lemmas=[word.lemma for word in words],
        heads=[word.head for word in words],
        deps=[word.deprel if word.head != index else "ROOT" for index, word in enumerate(words)],
        sent_starts=[index == 0 for index in range(len(words))],
    )
    if sentence.names is None:
        doc.set_ents([], missing=[doc[:]])
    else:
        unsure = [doc[index : index + 1] for index in sorted(sentence.unsure)]
        doc.set_ents([Span(doc, name.start, name.end, name.label) for name in sentence.names], missing=unsure, default="outside")
    return doc


def unread(nlp: Language, reference: Doc) -> Doc:
    """Return a gold Doc without annotation: with the pipeline's tokens, or the gold's if these are names of several words."""
    if any(" " in token.text for token in reference):
        return Doc(nlp.vocab, words=[token.text for token in reference], spaces=[bool(token.whitespace_) for token in reference])
    return nlp.make_doc(reference.text)
