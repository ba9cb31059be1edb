"""Gold sentences as spaCy Docs, with their annotation and without."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from kg.training.sources.conllu import Sentence


def to_doc(sentence: Sentence, vocab: Vocab) -> Doc:
    """A Doc with the sentence's tags, morphology, lemmas, tree and names; where names are unknown they count as missing."""
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
    """A gold Doc without its annotation: in the pipeline's own words, or in the gold's where these are names of several words."""
    if any(" " in token.text for token in reference):
        return Doc(nlp.vocab, words=[token.text for token in reference], spaces=[bool(token.whitespace_) for token in reference])
    return nlp.make_doc(reference.text)
