"""Encode a lemma as an edit script of its form: characters to cut, suffix to append, case to keep or fold."""

from __future__ import annotations

import os.path


def lemma_script(form: str, lemma: str) -> str:
    """Return the edit that turns the form into the lemma, such as ``"l 3 y"`` for "parties" and "party"; ``apply_script`` is its
    inverse."""
    kept = lemma != lemma.lower()
    base = form if kept else form.lower()
    common = len(os.path.commonpath([base, lemma]))
    return f"{'k' if kept else 'l'} {len(base) - common} {lemma[common:]}"


def apply_script(form: str, script: str) -> str:
    """Apply an edit to a form; return the form itself if the edit would cut more than there is."""
    case, cut, ending = script.split(" ", 2)
    base = form if case == "k" else form.lower()
    return base[: len(base) - int(cut)] + ending if int(cut) <= len(base) else base
