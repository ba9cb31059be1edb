"""Write the tables as CSV (RFC 4180, UTF-8) and Parquet, row by row."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.errors import EntenteError
from kg.store.output.tables.records import Records
from kg.store.output.tables.rows import TABLES, Row, cells

_BLOCK = 2**24
"""Bytes of CSV converted at once; longer than any row, since a passage is at most a page."""


class ParquetError(EntenteError):
    """Parquet was requested but cannot be written."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its XML Schema datatype, and its description."""

    name: str
    datatype: str
    description: str


@dataclass(frozen=True, slots=True)
class OutputTable:
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
def tables() -> Mapping[str, OutputTable]:
    """Return the tables by name, from ``columns.toml``."""
    found = tomllib.loads((Path(__file__).parent / "columns.toml").read_text(encoding="utf-8"))
    return {
        name: OutputTable(name, row["title"], row["description"], tuple(Column(**column) for column in row["columns"]))
        for name, row in found.items()
    }


def write_tables(nquads: Path, folder: Path) -> list[Path]:
    """Write all tables of a build's sorted N-Quads into a folder: as CSV, and as Parquet if pyarrow is installed; return the files."""
    written = []
    with Records(nquads) as records:
        for name, rows in TABLES.items():
            target = folder / f"{name}.csv"
            write_csv(tables()[name], rows(records), target)
            written.append(target)
    with suppress(ParquetError):
        for source in tuple(written):
            write_parquet(tables()[source.stem], source, target := source.with_suffix(".parquet"))
            written.append(target)
    return written


def write_csv(table: OutputTable, rows: Iterable[Row], target: Path) -> None:
    """Write one table as CSV."""
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.names)
        writer.writerows(cells(table.names, rows))


def write_parquet(table: OutputTable, source: Path, target: Path) -> None:
    """Write the CSV of one table as Parquet, with types and descriptions in its schema; ParquetError if pyarrow is not installed."""
    try:
        import pyarrow as pa
        from pyarrow import csv as arrow
        from pyarrow import parquet
    except ImportError:
        raise ParquetError("Parquet needs pyarrow: pip install 'entente[parquet]'.") from None
    kinds = {"date": pa.date32(), "decimal": pa.float64(), "integer": pa.int64(), "gYear": pa.int32(), "boolean": pa.bool_()}
    fields = [
        pa.field(column.name, kinds.get(column.datatype, pa.string()), metadata={"description": column.description})
        for column in table.columns
    ]
    schema = pa.schema(fields, metadata={"title": table.title, "description": table.description})
    reading = arrow.ReadOptions(use_threads=False, block_size=_BLOCK)
    layout = arrow.ParseOptions(newlines_in_values=True)
    types = arrow.ConvertOptions(column_types=schema, null_values=[""], strings_can_be_null=True, true_values=["true"])
    with arrow.open_csv(source, reading, layout, types) as blocks, parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        for block in blocks:
            writer.write_batch(block.cast(schema))
