"""Quick figures without decoding, to monitor the training. ``figures`` has the definitive ones."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from kg.training.examples import HEAD, LEMMA, MORPH, NAME, OPEN, RELATION, TAG, Batch, Example, batches
from kg.training.label_inventory import CORE, LabelInventory
from kg.training.network import MultiTaskNetwork, Scores


@torch.no_grad()
def quick_figures(reader: MultiTaskNetwork, examples: Sequence[Example], inventory: LabelInventory, *, bfloat16: bool) -> dict[str, float]:
    """Return the accuracy of labels and heads (punctuation excluded from heads), and F of predicates and roles."""
    reader.eval()
    counted: dict[str, int] = {}
    for group in batches(examples, 4000, None):
        batch = Batch.of([examples[index] for index in group])
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat16):
            scores = reader(batch.numbers, batch.kinds, batch.there, batch.pool, batch.shapes)
            found = [_words(reader, scores, batch, inventory), _roles(reader, scores, batch, inventory)]
        for some in found:
            for name, count in some.items():
                counted[name] = counted.get(name, 0) + count
    shares = {n: counted[n] / max(1, counted[f"{n} all"]) for n in ("tag", "morph", "lemma", "name tag", "uas", "las", "sense")}
    for name in ("predicate", "role", "core role"):
        found_or_there = counted[f"{name} found"] + counted[f"{name} there"]
        shares[f"{name} F"] = 2 * counted[f"{name} right"] / max(1, found_or_there)
    return shares


def _words(reader: MultiTaskNetwork, scores: Scores, batch: Batch, inventory: LabelInventory) -> dict[str, int]:
    counted: dict[str, int] = {}
    rows = {"tag": (scores.tag, TAG), "morph": (scores.morph, MORPH), "lemma": (scores.lemma, LEMMA), "name tag": (scores.name, NAME)}
    for name, (said, row) in rows.items():
        gold = batch.labels[row]
        known = gold != OPEN
        if name == "name tag":
            known &= (gold != 0) | (said.argmax(-1) != 0)
        counted |= {name: int((said.argmax(-1) == gold)[known].sum()), f"{name} all": int(known.sum())}
    heads, relations = batch.labels[HEAD], batch.labels[RELATION]
    known = (heads != OPEN) & (relations != inventory.relations.index("punct"))
    said_head = scores.arcs.argmax(-1)
    governors = torch.gather(scores.governors, 1, said_head[..., None].expand(-1, -1, scores.governors.size(-1)))
    right = (said_head == heads) & known
    label = reader.relation(scores.dependents, governors).argmax(-1) == relations
    total = int(known.sum())
    return counted | {"uas": int(right.sum()), "las": int((right & label).sum()), "uas all": total, "las all": total}


def _roles(reader: MultiTaskNetwork, scores: Scores, batch: Batch, inventory: LabelInventory) -> dict[str, int]:
    words = (batch.pool.sum(-1) > 0) & batch.annotated[:, None]
    gold = torch.zeros_like(words)
    gold[batch.sentences, batch.predicates] = True
    said = scores.predicate.argmax(-1).bool() & words
    counted = {
        "predicate right": int((said & gold).sum()),
        "predicate found": int(said.sum()),
        "predicate there": int((gold & words).sum()),
    }
    counted |= dict.fromkeys(("role right", "role found", "role there", "core role right", "core role found", "core role there"), 0)
    counted |= {"sense": 0, "sense all": 0}
    if not len(batch.sentences):
        return counted
    found = reader.role(scores.predicates[batch.sentences, batch.predicates][:, None], scores.arguments[batch.sentences]).argmax(-1)
    there = batch.roles != OPEN
    right = (found == batch.roles) & (batch.roles > 0)
    core = torch.tensor([number for number, role in enumerate(inventory.roles) if role in CORE])
    for name, of in (("role", lambda x: x > 0), ("core role", lambda x: torch.isin(x, core))):
        counted[f"{name} right"] = int((right & of(batch.roles)).sum())
        counted[f"{name} found"] = int((of(found) & there).sum())
        counted[f"{name} there"] = int(of(batch.roles).sum())
    known = batch.senses[:, 0] != OPEN if batch.senses.size(1) else torch.zeros(0, dtype=torch.bool)
    vectors, biases = reader.roleset_table()
    possible = batch.senses.clamp(min=0)
    fits = torch.einsum("pd,psd->ps", scores.sense[batch.sentences, batch.predicates], vectors[possible]) + biases[possible]
    best = fits.masked_fill(batch.senses == OPEN, -1e9).argmax(-1) == 0
    return counted | {"sense": int((best & known).sum()), "sense all": len(batch.senses)}
