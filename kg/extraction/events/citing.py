"""Which references support an event: those that stand after its clause, else those at the end of its sentence."""

from __future__ import annotations

from kg.wikitext.article import Passage


def references_after(passage: Passage, position: int) -> tuple[int, ...]:
    """Indices of the first run of references at or after ``position`` in the passage's text.

    Marks belong to one run where nothing but spaces and punctuation stands between them. A passage whose marks all
    stand before ``position`` gives nothing, unless it is a table row, where a reference in any cell counts.
    """
    marks = sorted(passage.marks, key=lambda m: m.position)
    later = [m for m in marks if m.position >= position]
    if not later:
        return tuple(dict.fromkeys(m.reference for m in marks)) if passage.cells else ()
    run = [later[0]]
    for mark in later[1:]:
        if any(c.isalnum() for c in passage.text[run[-1].position : mark.position]):
            break
        run.append(mark)
    return tuple(dict.fromkeys(m.reference for m in run))
