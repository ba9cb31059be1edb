"""Invented treebanks and PropBank, small enough to be learnt in seconds, in the formats of the real ones."""

from __future__ import annotations

import json
import random
from pathlib import Path

PEOPLE = ("Ada", "Bo", "Cy", "Dora", "Eve")
PLACES = ("Lowe", "Bern", "Peru")
VERBS = {"met": ("meet", "meet.03"), "left": ("leave", "leave.01"), "saw": ("see", "see.01")}


def write(folder: Path, sentences: int = 60) -> None:
    """Write ``treebanks/``, ``propbank/`` and the names, the same in every part."""
    rng = random.Random(1)
    for part in ("train", "dev", "test"):
        drawn = [(rng.choice(PEOPLE), rng.choice(list(VERBS)), rng.choice(PEOPLE), rng.choice(PLACES)) for _ in range(sentences)]
        trees = "".join(_tree(f"{part}-{index}", *words) for index, words in enumerate(drawn))
        for treebank in ("ewt", "gum", "pud"):
            _put(folder / "treebanks" / treebank / f"{part}.conllu", trees)
        _put(folder / "treebanks" / "uner-ewt" / f"{part}.iob2", "".join(_names(f"{part}-{i}", *words) for i, words in enumerate(drawn)))
        rows = [_propositions(f"{part}-{index}", verb) for index, (_, verb, _, _) in enumerate(drawn)]
        _put(folder / "propbank" / f"{part}.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    header = "roleset\tname\taliases\troles\tverbnet\tframenet\n"
    rolesets = "".join(f"{roleset}\tdo\t{lemma}/v\t0:doer | 1:thing\t\t\n" for lemma, roleset in VERBS.values())
    _put(folder / "propbank" / "rolesets.tsv", header + rolesets + "leave.02\tgive\tleave/v\t0:giver\t\t\n")


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _tree(sent_id: str, subject: str, verb: str, thing: str, place: str) -> str:
    rows = (
        (subject, subject, "PROPN", "NNP", "Number=Sing", 2, "nsubj", "Entity=(1-person-new-1)"),
        (verb, VERBS[verb][0], "VERB", "VBD", "Tense=Past", 0, "root", "_"),
        (thing, thing, "PROPN", "NNP", "Number=Sing", 2, "obj", "Entity=(2-person-new-1)"),
        ("in", "in", "ADP", "IN", "_", 5, "case", "_"),
        (place, place, "PROPN", "NNP", "Number=Sing", 2, "obl", "SpaceAfter=No|Entity=(3-place-new-1)"),
        (".", ".", "PUNCT", ".", "_", 2, "punct", "_"),
    )
    lines = [
        f"{i}\t{form}\t{lemma}\t{upos}\t{xpos}\t{feats}\t{head}\t{relation}\t_\t{misc}"
        for i, (form, lemma, upos, xpos, feats, head, relation, misc) in enumerate(rows, 1)
    ]
    return f"# sent_id = {sent_id}\n" + "\n".join(lines) + "\n\n"


def _names(sent_id: str, subject: str, verb: str, thing: str, place: str) -> str:
    tags = ((subject, "B-PER"), (verb, "O"), (thing, "B-PER"), ("in", "O"), (place, "B-LOC"), (".", "O"))
    return f"# sent_id = {sent_id}\n" + "".join(f"{i}\t{form}\t{tag}\n" for i, (form, tag) in enumerate(tags, 1)) + "\n"


def _propositions(sent_id: str, verb: str) -> dict:
    arguments = [["ARG0", 0, 1], ["ARG1", 2, 3], ["ARGM-LOC", 3, 5]]
    return {"sent_id": sent_id, "words": 6, "predicates": [{"at": 1, "roleset": VERBS[verb][1], "args": arguments}]}
