"""Tables of inspections as they come: CSV or Parquet, any column names, in columns of three plain types."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

DAY = np.dtype("datetime64[D]")
DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y")  # how a CSV may write a day


class TableError(Exception):
    """What is wrong with a table, in words for whoever started the command."""


@dataclass(frozen=True)
class Table:
    """Columns by name: float64 (NaN unknown), datetime64[D] (NaT unknown) or object (str, None unknown)."""

    name: str
    columns: dict[str, Any]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __contains__(self, column: str) -> bool:
        return column in self.columns

    def __getitem__(self, column: str) -> Any:
        return self.columns[column]

    def rows(self, which: Any) -> "Table":
        """Some of the rows, by mask or numbers."""
        return Table(self.name, {name: column[which] for name, column in self.columns.items()})


def read(path: Path, without: Iterable[str] = ()) -> Table:
    """Read a file; columns named in `without` are not even read. Raises TableError in words."""
    if not path.exists():
        raise TableError(f"{path}: 没有这个文件。 There is no such file.")
    try:
        found = _csv(path) if path.suffix.lower() == ".csv" else pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise TableError(f"{path}: 读不出来（要 CSV 或 Parquet）。 Neither CSV nor Parquet: {error}") from error
    kept = [name for name in found.column_names if name not in set(without)]
    if not found.num_rows:
        raise TableError(f"{path}: 没有数据行。 There are no rows.")
    return Table(path.name, {name: plain(found[name].combine_chunks()) for name in kept})


def _csv(path: Path) -> pa.Table:
    found = pyarrow.csv.read_csv(path)
    for n, name in enumerate(found.column_names):
        if pa.types.is_string(found[name].type) and (day := _as_days(found[name])) is not None:
            found = found.set_column(n, name, day)
    return found


def _as_days(texts: pa.ChunkedArray) -> Any:
    """A column of texts as days when every text that is there is one; else None."""
    for form in DAYS:
        try:
            return pc.strptime(texts, format=form, unit="s").cast(pa.date32())
        except pa.ArrowInvalid:
            continue
    return None


def plain(column: pa.Array) -> Any:
    """An Arrow column as one of the three types."""
    kind = column.type
    if pa.types.is_temporal(kind) and not pa.types.is_time(kind):
        return column.cast(pa.timestamp("s"), safe=False).to_numpy(zero_copy_only=False).astype(DAY)
    if (
        pa.types.is_boolean(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
    ):
        return column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return np.array([None if v is None or str(v) == "" else str(v) for v in column.to_pylist()], dtype=object)


def keys(column: Any) -> Any:
    """A column of keys as texts, so that 12, 12.0 and '12' are one place."""
    if column.dtype == object:
        return np.array(["" if v is None else v.strip().removesuffix(".0") for v in column], dtype=object)
    if column.dtype == DAY:
        return column.astype(str).astype(object)
    return np.array(["" if np.isnan(v) else f"{v:.15g}" for v in column], dtype=object)


def write(path: Path, columns: dict[str, list[Any]]) -> None:
    """Write columns as CSV or, by the name's ending, as Parquet."""
    made = pa.table(columns)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() == ".parquet":
        pq.write_table(made, path)
    else:
        pyarrow.csv.write_csv(made, path)


def whole(column: Any) -> list[Any]:
    """A column of ids as it was: whole numbers as such, days as days, texts as texts."""
    if column.dtype == np.float64 and not np.isnan(column).any() and (column % 1 == 0).all():
        return [int(value) for value in column]
    return list(column.astype(str)) if column.dtype == DAY else list(column)


def of_rows(name: str, rows: list[dict[str, Any]]) -> Table:
    """A table made of rows as Python knows them; columns that say nothing are left out."""
    found = pa.Table.from_pylist(rows)
    named = [head for head in found.column_names if not pa.types.is_null(found[head].type)]
    return Table(name, {head: plain(found[head].combine_chunks()) for head in named})
