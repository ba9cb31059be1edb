"""Compare extracted events with the expectations of a case."""

from __future__ import annotations

from typing import Any

from kg.facts import ArticleFacts, Event

ROLES = {"actors": "actors", "recipients": "recipients", "mediators": "mediators", "about": "about"}


def problems(case: dict[str, Any], facts: ArticleFacts) -> list[str]:
    """Return what is wrong with the facts of a case, in words; empty if nothing is."""
    names = {e.key: {e.key, e.label, *e.names} for e in facts.entities}
    left = list(facts.events)
    found = []
    for expected in case.get("events", []):
        match = next((e for e in left if _category(e, expected) and not _differences(e, expected, names)), None)
        match = match or next((e for e in left if _category(e, expected)), None)
        if match is None:
            found.append(f"missing {expected['category']}")
            continue
        left.remove(match)
        found += _differences(match, expected, names)
    optional = set(case.get("optional", []))
    found += [f"invented {e.category} ({e.trigger})" for e in left if e.category.split("-")[0] not in optional]
    return found


def _category(event: Event, expected: dict[str, Any]) -> bool:
    codes = expected["category"] if isinstance(expected["category"], list) else [expected["category"]]
    return any(event.category == c or event.category.startswith(c + "-") for c in codes)


def _differences(event: Event, expected: dict[str, Any], names: dict[str, set[str]]) -> list[str]:
    found = []
    for role in ("actors", "recipients", "mediators"):
        if role in expected or role != "mediators":
            found += _role(role, list(getattr(event, role)), expected.get(role, []), names)
    for role, values in (("about", event.about), ("place", event.places)):
        wanted = expected.get(role)
        for name in [wanted] if isinstance(wanted, str) else wanted or []:
            if not any(name in names.get(k, {k}) for k in values):
                found.append(f"{role} lacks {name}")
    if "date" in expected and (event.when.value if event.when else None) != (expected["date"] or None):
        found.append(f"date {event.when.value if event.when else None} for {expected['date']}")
    if event.modality.value != expected.get("modality", "asserted"):
        found.append(f"modality {event.modality.value}")
    if expected.get("quote") and expected["quote"][:40] not in (event.quote or ""):
        found.append(f"quote {event.quote!r}")
    return found


def _role(role: str, keys: list[str], wanted: list[str], names: dict[str, set[str]]) -> list[str]:
    found, left = [], list(keys)
    for name in wanted:
        hit = next((k for k in left if set(name.split("|")) & names.get(k, {k})), None)
        if hit is None:
            found.append(f"{role} lacks {name}")
        else:
            left.remove(hit)
    return found + [f"{role} has {k}" for k in left]
