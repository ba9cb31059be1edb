"""Time expressions: ``find_times`` finds and resolves them; ``after`` and ``in_section`` carry the context from sentence to sentence."""

from __future__ import annotations

from kg.language.dates.calendar import of_value
from kg.language.dates.find import find_times
from kg.language.dates.narrative import after
from kg.language.dates.section_years import in_section
from kg.language.dates.spans import Relation, TimeContext, TimeSpan

__all__ = ["Relation", "TimeContext", "TimeSpan", "after", "find_times", "in_section", "of_value"]
