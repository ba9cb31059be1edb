"""Supply the parties of agreements as actors of events that name none."""

from __future__ import annotations

from dataclasses import replace

from kg.extraction.agreements.treaties import best_time
from kg.extraction.events.drafts import EventDraft
from kg.extraction.events.governors import root
from kg.facts import Agreement, Interval, Modality

SIGNING = "SUPPORT-sign"


def _signed(draft: EventDraft, agreements: dict[str, Agreement]) -> list[Agreement]:
    """Return the agreement of two or more parties that was signed, nobody says by whom: "the treaty was signed in Ghent"."""
    told = any(a.position in ("subj", "by") for a in draft.predicate.arguments)
    if told or draft.category != SIGNING or draft.roles.actors or draft.modality is not Modality.ASSERTED:
        return []
    found = [agreements[k] for k in draft.roles.about if k in agreements]
    return found if len(found) == 1 and len(found[0].parties) > 1 else []


def speaks_for_parties(draft: EventDraft, agreements: dict[str, Agreement], times: list[Interval]) -> EventDraft:
    """Fill in the parties of an agreement as actors of an event that agrees its provisions or signs it, and the agreement's time."""
    known = [agreements[k] for k in draft.agreements if k in agreements] or _signed(draft, agreements)
    if draft.roles.actors and known and root(draft.category) == "AGREE":
        return replace(draft, when=draft.when or best_time(times))
    if not known or draft.roles.actors:
        return draft
    actors = list(dict.fromkeys(p for a in known for p in a.parties))
    roles = replace(
        draft.roles,
        actors=actors,
        recipients=[k for k in draft.roles.recipients if k not in actors],
        about=list(dict.fromkeys([*draft.roles.about, *draft.agreements])),
    )
    return replace(draft, roles=roles, when=draft.when or best_time(times), rules=(*draft.rules, "parties of the agreement"))
