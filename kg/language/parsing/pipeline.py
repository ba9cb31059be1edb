"""Loads the spaCy pipeline: the one that ships with the package, or another that is installed and speaks Universal Dependencies."""

from __future__ import annotations

import re
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.pipeline import Tok2Vec
from spacy.pipeline.edit_tree_lemmatizer import EditTreeLemmatizer
from spacy.tokens import Doc
from thinc.api import use_ops

from kg.errors import EntenteError
from kg.language.parsing.decoding import quicken_lemmas, quicken_parser
from kg.language.parsing.dictionary import dictionary_lemmas
from kg.language.parsing.finite import finite_main_verb
from kg.language.parsing.inference import quicken_names, quicken_vectors
from kg.language.parsing.recogniser import NameRecogniser

SHIPPED = Path(__file__).resolve().parent / "model"
UD_LABELS = frozenset({"nsubj", "obj", "obl", "nmod", "conj", "case", "nsubj:pass", "aux:pass"})
_HELP = "Leave --model out for the pipeline that ships with entente, or train one with `entente train`."


class PipelineError(EntenteError):
    """A pipeline that is not installed, or cannot parse in the way that the rules need."""


@Language.component("one_sentence")
def one_sentence(doc: Doc) -> Doc:
    """The same Doc, told that it is a single sentence, which the parser then leaves whole."""
    for token in doc:
        token.is_sent_start = token.i == 0
    return doc


_NAME_HEAD = re.compile(r"(?:^|\s)(\S+?)(?=\s+(?:of|for|on|in|at|to|against|between|de|du|del|der)\s|\s*[,(:]|(?:\s+\d+)*\s*$)")
_MONTH = re.compile(r"January|February|March|April|May|June|July|August|September|October|November|December")


def merged_norm(text: str) -> str:
    """The NORM that a token merged of several words gets, in training and at run time: its head word in lower case.

    Of a name that is the last word before a preposition, comma or bracket ("Ministry of Finance": ministry), of a date its month.
    """
    month = _MONTH.search(text) if any(character.isdigit() for character in text) else None
    head = month or _NAME_HEAD.search(text)
    return (head[head.lastindex or 0] if head else text).lower()


def load_pipeline(name_or_path: str | None = None) -> Language:
    """The pipeline of that package name or folder, None for the shipped one; each Doc that it is given is parsed as one sentence.

    Raises PipelineError where it is missing, has no parser or tags, or its labels are not those of Universal Dependencies.
    """
    chosen = str(SHIPPED) if name_or_path is None else name_or_path
    try:
        with use_ops("numpy", use_blis=False):  # numpy's own BLAS multiplies twice as fast as the BLIS that spaCy brings
            nlp = spacy.load(chosen, exclude=["senter", "sentencizer"])
    except (OSError, ValueError) as error:
        reason = str(error).split(". ")[0]
        raise PipelineError(f"The language pipeline {chosen!r} cannot be loaded ({reason}). {_HELP}") from error
    _check(nlp, chosen)
    nlp.vocab.vectors.data = nlp.vocab.vectors.data.astype("float32")  # the shipped ones are stored in half precision
    _quicken(nlp)
    nlp.add_pipe("one_sentence", first=True)
    nlp.add_pipe(finite_main_verb.__name__, last=True)
    if name_or_path is None:
        nlp.add_pipe(dictionary_lemmas.__name__, before="trainable_lemmatizer")  # which then has the other words to predict alone
    return nlp


def _quicken(nlp: Language) -> None:
    """Whatever of the pipeline has an architecture that is known computes faster."""
    for _, component in nlp.pipeline:
        if isinstance(component, Tok2Vec):
            quicken_vectors(component, nlp.vocab)
        elif isinstance(component, NameRecogniser):
            quicken_names(component)
        elif isinstance(component, EditTreeLemmatizer):
            quicken_lemmas(component)
    quicken_parser(nlp)


def _check(nlp: Language, chosen: str) -> None:
    if "parser" not in nlp.pipe_names:
        raise PipelineError(f"The language pipeline {chosen!r} has no dependency parser (it has: {', '.join(nlp.pipe_names)}). {_HELP}")
    lacking = sorted(UD_LABELS - set(nlp.pipe_labels["parser"]))
    if lacking:
        raise PipelineError(
            f"The parser of {chosen!r} does not speak Universal Dependencies (it lacks the labels {', '.join(lacking)}). {_HELP}"
        )
    if not {"tagger", "morphologizer"} & set(nlp.pipe_names):
        raise PipelineError(f"The language pipeline {chosen!r} has no tagger, which the rules need. {_HELP}")
