"""A made-up town's inspections: some places are bad for good, some inspectors are strict, and it can be learned."""

from datetime import date, timedelta
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

START, CUTOFF = date(2016, 1, 4), date(2017, 10, 2)
STRICT = {"严": 0.30, "松": -0.12, "平": 0.0}


def rows(seed: int = 7, places: int = 160) -> tuple[list[dict], list[dict]]:
    """Past visits and coming ones (with their true outcome, which nobody may read)."""
    rng = Random(seed)
    town = [
        {
            "place": f"P{n}", "kind": rng.choice(["豆制品", "糕点", "小吃"]), "lat": 31.7 + n % 13 / 500,
            "lng": 119.5 + n % 17 / 500, "opened": START - timedelta(days=rng.randint(30, 4000)),
            "closed": date(2019, 1, 1) + timedelta(days=rng.randint(0, 900)), "bad": rng.random() < 0.25,
        }
        for n in range(places)
    ]  # fmt: skip
    found = []
    for place in town:
        day = START + timedelta(days=rng.randint(0, 60))
        while day < CUTOFF + timedelta(days=60):
            person = rng.choice(list(STRICT))
            chance = 0.12 + (0.45 if place["bad"] else 0) + (0.1 if place["kind"] == "豆制品" else 0) + STRICT[person]
            found.append({
                "id": 0, "place": place["place"], "on": day, "serious": int(rng.random() < chance), "person": person,
                "kind": place["kind"], "lat": place["lat"], "lng": place["lng"], "opened": place["opened"],
                "closed": place["closed"], "warm": round(rng.uniform(-5, 35), 1),
            })  # fmt: skip
            day += timedelta(days=rng.randint(45, 110))
    found.sort(key=lambda row: (row["on"], row["place"]))
    for n, row in enumerate(found):
        row["id"] = n + 1
    return [r for r in found if r["on"] < CUTOFF], [r for r in found if r["on"] >= CUTOFF]


def history(past: list[dict], seed: int = 3) -> list[dict]:
    """Visits of every purpose, who came under a name of its own; complaints come to the bad places more often."""
    rng = Random(seed)
    return [
        {"place": row["place"], "on": row["on"] - timedelta(days=5), "came": row["person"],
         "purpose": "投诉" if rng.random() < 0.2 + 0.5 * row["serious"] else "检查"}
        for row in past
    ]  # fmt: skip


def write(path: Path, found: list[dict], without: tuple[str, ...] = ()) -> Path:
    """As CSV or Parquet, by the ending."""
    table = pa.Table.from_pylist([{k: v for k, v in row.items() if k not in without} for row in found])
    if path.suffix == ".csv":
        pyarrow.csv.write_csv(table, path)
    else:
        pq.write_table(table, path)
    return path
