"""The text of templates that compute it from their arguments: functions by the names that knowledge/templates.toml calls them by."""

from __future__ import annotations

from collections.abc import Callable

from kg.wikitext.markup.templates import dates, linked_pages, quantities, wording
from kg.wikitext.markup.templates.linked_pages import Link
from kg.wikitext.markup.templates.parameters import Arguments

__all__ = ["FUNCTIONS", "LINK_FUNCTIONS", "Arguments"]

LINK_FUNCTIONS: dict[str, Callable[[Arguments], Link]] = {
    f.__name__: f
    for f in (
        linked_pages.ship,
        linked_pages.ship_class,
        linked_pages.force,
        linked_pages.station,
        linked_pages.district,
        linked_pages.section_link,
        linked_pages.team,
        linked_pages.competitor,
    )
}
FUNCTIONS: dict[str, Callable[[Arguments], str]] = {
    f.__name__: f
    for f in (
        quantities.convert,
        quantities.money,
        quantities.fraction,
        quantities.value,
        quantities.rupees,
        quantities.ordinal,
        quantities.number,
        quantities.price,
        quantities.gaps,
        quantities.percentage,
        quantities.height,
        quantities.currency,
        quantities.gauge,
        dates.as_of,
        dates.circa,
        dates.date,
        dates.second_date,
        dates.reign,
        dates.floruit,
        dates.ordinal_or_year,
        dates.death_year,
        dates.death_date,
        dates.death_given_age,
        dates.years_between,
        dates.years_and_days,
        wording.first,
        wording.verse,
        wording.chinese,
        wording.author_and_year,
        wording.lower,
        wording.upper,
        wording.first_upper,
        wording.plural,
        wording.if_given,
        wording.if_equal,
        wording.switch,
        wording.nothing,
    )
}
