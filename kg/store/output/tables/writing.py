"""Write the tables as CSV (RFC 4180, UTF-8) and Parquet, row by row."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from kg.errors import EntenteError
from kg.store.output.tables.records import Records
from kg.store.output.tables.rows import TABLES, Row, cells

_BATCH = 50_000


class ParquetError(EntenteError):
    """Parquet was requested but cannot be written."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its XML Schema datatype, and its description."""

    name: str
    datatype: str
    description: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table and its columns."""

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """The names of its columns."""
        return [column.name for column in self.columns]

    @property
    def key(self) -> list[str]:
        """The columns that form its primary key."""
        return ["id"] if "id" in self.names else ["one_id", "other_id", "year"]


@cache
def tables() -> Mapping[str, Table]:
    """Return the tables by name, from ``columns.toml``."""
    found = tomllib.loads((Path(__file__).parent / "columns.toml").read_text(encoding="utf-8"))
    return {
        name: Table(name, row["title"], row["description"], tuple(Column(**column) for column in row["columns"]))
        for name, row in found.items()
    }


def write_tables(nquads: Path, folder: Path) -> list[Path]:
    """Write all tables of a build's sorted N-Quads as CSV into a folder; return the files."""
    written = []
    with Records(nquads) as records:
        for name, rows in TABLES.items():
            target = folder / f"{name}.csv"
            write_csv(tables()[name], rows(records), target)
            written.append(target)
    return written


def write_csv(table: Table, rows: Iterable[Row], target: Path) -> None:
    """Write one table as CSV."""
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.names)
        writer.writerows(cells(table.names, rows))


def read_csv(path: Path) -> Iterator[Row]:
    """Yield the rows of a table from its CSV."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def write_parquet(table: Table, rows: Iterable[Row], target: Path) -> None:
    """Write one table as Parquet, with types and descriptions in its schema; ParquetError if pyarrow is not installed."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise ParquetError("Parquet needs pyarrow: pip install 'entente[parquet]'.") from None
    kinds = {"date": pa.date32(), "decimal": pa.float64(), "integer": pa.int64(), "gYear": pa.int32(), "boolean": pa.bool_()}
    fields = [
        pa.field(column.name, kinds.get(column.datatype, pa.string()), metadata={"description": column.description})
        for column in table.columns
    ]
    schema = pa.schema(fields, metadata={"title": table.title, "description": table.description})
    with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        remaining = iter(rows)
        while batch := list(islice(remaining, _BATCH)):
            columns = [[_typed(row[column.name], column.datatype) for row in batch] for column in table.columns]
            writer.write_table(pa.table([pa.array(v, f.type) for v, f in zip(columns, schema, strict=True)], schema=schema))


def _typed(text: str, datatype: str) -> Any:
    """Convert a field's text to its type; None if it is empty."""
    if not text:
        return None
    readers: Mapping[str, Any] = {"date": date.fromisoformat, "decimal": float, "integer": int, "gYear": int, "boolean": "true".__eq__}
    return readers.get(datatype, str)(text)
