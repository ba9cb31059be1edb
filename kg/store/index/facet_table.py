"""Count the facets of long lists when an index is written; ``kg.store.index.facet_counts`` reads them."""

from __future__ import annotations

import sqlite3

STORED_FROM = 300
"""Events of a thing from which the facets of its list are stored."""

TABLE = """
CREATE TABLE facet (
  thing INTEGER NOT NULL, listed TEXT NOT NULL, facet TEXT NOT NULL, value TEXT NOT NULL, events INTEGER NOT NULL,
  PRIMARY KEY (thing, listed, facet, value)
) WITHOUT ROWID;
"""
"""``thing`` is 0 in the lists of all events (``listed`` is empty) and of the events of a category (its code)."""
_LISTED = """
CREATE TEMP VIEW listed AS
  SELECT part.thing AS thing, '' AS listed, part.fact AS fact FROM busy CROSS JOIN part ON part.thing = busy.thing AND part.kind = 'Event'
  UNION ALL SELECT 0, '', id FROM fact WHERE kind = 'Event'
  UNION ALL SELECT 0, category, fact FROM categorized;
CREATE TEMP TABLE counted AS
  SELECT listed.thing, listed.listed, fact.modality, fact.basis, fact.confidence, COUNT(*) AS events
  FROM listed CROSS JOIN fact ON fact.id = listed.fact GROUP BY 1, 2, 3, 4, 5;
INSERT INTO facet SELECT thing, listed, 'modality', modality, SUM(events) FROM counted GROUP BY 1, 2, 4;
INSERT INTO facet SELECT thing, listed, 'basis', basis, SUM(events) FROM counted GROUP BY 1, 2, 4;
INSERT INTO facet SELECT thing, listed, 'confidence', confidence, SUM(events) FROM counted GROUP BY 1, 2, 4;
INSERT INTO facet
  SELECT listed.thing, listed.listed, 'category', own.category, COUNT(*)
  FROM listed CROSS JOIN categorized own ON own.fact = listed.fact GROUP BY 1, 2, 4;
"""


def store_facets(database: sqlite3.Connection, stored_from: int = STORED_FROM) -> None:
    """Count the facets of long lists in an index whose facts are written."""
    database.execute(
        "CREATE TEMP TABLE busy AS SELECT thing FROM part WHERE kind = 'Event' GROUP BY thing HAVING COUNT(*) >= ?", (stored_from,)
    )
    database.executescript(_LISTED)
