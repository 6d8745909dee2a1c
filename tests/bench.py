"""`./run bench`: what the program's work costs, beside the bare thing in the same run.

A benchmark, never a timed test: the absolute figures belong to the machine, the ratios to the program. A
throw-away town of ten thousand made-up places is filled (`make_town`); each work is done some fifteen times
after a warm-up, and its median CPU time is set beside that of the bare statement, read or write. Written to
`bench.json` in the data folder as well. `SANXIAO_BENCH_SCALE=N` fills N × 10,000 places.

SANXIAO_CHICAGO=folder checks the risk ranking on a public case as well (`tests/chicago.py`).

With DATABASE_URL it fills *that* database, which must be empty.
"""

import contextlib
import io
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).parent.parent
OUT = Path(os.environ.get("SANXIAO_DATA") or ROOT / "var").resolve() / "bench.json"
ROUNDS, WARM = 15, 3
SCALE = int(os.environ.get("SANXIAO_BENCH_SCALE", "1"))
LEDGER_ROWS = 10_000


@dataclass
class Line:
    """One work: milliseconds of ours and of the bare thing; `goal` in the same unit, None where none is set."""

    work: str
    ours: float
    bare: float | None
    bare_is: str
    goal: float | None
    clock: str = "CPU"

    @property
    def ratio(self) -> float | None:
        return self.ours / self.bare if self.bare else None

    @property
    def ok(self) -> bool:
        return self.goal is None or self.ours <= self.goal


def cpu(work: Callable[[], Any], rounds: int = ROUNDS, warm: int = WARM) -> float:
    """Median CPU time of this process for one go, in milliseconds."""
    for _n in range(warm):
        work()
    spans = []
    for _n in range(rounds):
        start = time.process_time()
        work()
        spans.append(time.process_time() - start)
    return statistics.median(spans) * 1000


def wall(work: Callable[[], Any]) -> float:
    """Wall time of one go, in milliseconds: for work that waits for the disk or is done once."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


class Bench:
    """The works, one method each; every method yields its line."""

    def __init__(self, people: Any, folder: Path) -> None:
        from django.test import Client

        self.people, self.folder, self.lines = people, folder, list[Line]()
        self.browsers = {}
        for name in ("chen", "zhang"):
            self.browsers[name] = Client()
            backend = "django.contrib.auth.backends.ModelBackend"
            self.browsers[name].force_login(getattr(people, name), backend=backend)

    def add(self, *told: Any, **more: Any) -> None:
        """Keep a line and print it."""
        line = Line(*told, **more)
        self.lines.append(line)
        show(line)

    def page(self, name: str, who: str, address: str, rows: Any, goal: float = 100) -> None:
        """A page by its address, beside the bare SELECT of `rows`."""
        client = self.browsers[who]

        def ours() -> None:
            answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)

        self.add(name, cpu(ours), cpu(bare(rows)), "SQL", goal)

    # --- pages -------------------------------------------------------------------------------------------------

    def pages(self) -> None:
        """The home desk, the lists and the page of one file."""
        from sanxiao.archive.find import spelled
        from sanxiao.archive.models import Classification, Establishment

        for who in ("chen", "zhang"):
            waiting = Classification.objects.seen_by(getattr(self.people, who)).filter(state="decided")
            desk = waiting.select_related("file").order_by("due_on")[:50]
            self.page(f"home desk ({who})", who, "/", desk)
        files = Establishment.objects.seen_by(self.people.chen).current().select_related("operator", "kind")
        ordered = files.defer("facts", "search").order_by("-updated_at", "id")
        self.page("list of 50 (chen)", "chen", "/archive/", ordered[:51])
        hers = ordered.filter(area=self.people.zhang.posts.get().office.area)
        self.page("list of 50 (zhang)", "zhang", "/archive/", hers[:51])
        deep = self._cursor(ordered)
        below = ordered.filter(updated_at__lt=middle(ordered).updated_at)[:51]
        self.page("list of 50, deep", "chen", f"/archive/?after={deep}", below)
        filtered = ordered.filter(kind="eatery", case="2")
        self.page("list, two filters", "chen", "/archive/?kind=eatery&case=2", filtered[:51])
        initials = spelled(middle(ordered).name).split()[1][:4]
        for name, text in (("two characters", "豆腐"), ("initials", initials), ("nothing found", "qqzz")):
            hits = ordered.filter(search__contains=text)
            self.page(f"search, {name}", "chen", f"/archive/?q={text}", hits[:51])
        self.page("API list of 50", "chen", "/api/v1/establishments", ordered[:51])
        self.page("API list of 50, deep", "chen", f"/api/v1/establishments?cursor={deep}", below)
        self._other_lists()
        one = files.filter(case="2", state="normal").first()
        self.page("page of a file", "chen", one.get_absolute_url(), files.filter(pk=one.pk))

    def _cursor(self, ordered: Any) -> str:
        from sanxiao.archive.lists import FILES

        return FILES._cursor(middle(ordered), "-updated_at")

    def _other_lists(self) -> None:
        from sanxiao.inspection.models import Order

        orders = Order.objects.seen_by(self.people.chen).select_related("file").order_by("-updated_at", "id")
        self.page("list of orders", "chen", "/inspection/", orders[:51])

    # --- works -------------------------------------------------------------------------------------------------

    def certificate(self) -> None:
        """One certificate as PDF, warm, every one of another number: Typst remembers what it has set before."""
        from sanxiao.papers import pdf
        from sanxiao.papers.tests.cast import CERTIFICATE

        serial, kept = itertools.count(10_000), list[dict[str, Any]]()

        def keep(template: str, how: dict[str, Any]) -> Any:
            kept.append(how)
            return alone(template, how)

        def bare_one() -> None:
            data = kept[0]["sys_inputs"]["data"].replace("10000", str(next(serial)))
            alone("certificate", {**kept[0], "sys_inputs": {"data": data}})

        alone = pdf._compiled
        with mock.patch.object(pdf, "_compiled", keep):
            ours = cpu(lambda: pdf.render("certificate", CERTIFICATE | {"number": f"ZF-{next(serial)}"}))
        self.add("certificate PDF, warm", ours, cpu(bare_one), "Typst alone", 50)

    def one_move(self) -> None:
        """登记停业 and back again, beside four bare statements in one transaction."""
        from sanxiao.archive.models import Establishment
        from sanxiao.docket import flow

        person = self.people.zhang
        file = Establishment.objects.seen_by(person).filter(state="normal").latest("updated_at")

        def there_and_back() -> None:
            name = "rest" if file.state == "normal" else "resume"
            flow.move(file, name, person, **({"reason": "装修"} if name == "rest" else {}))

        self.add("one move", cpu(there_and_back, 30), cpu(lambda: four_statements(file), 30), "4 statements", 12)

    def submission(self) -> None:
        """What a phone sends, stored and answered, beside a bare committed INSERT of the same bytes; and settled."""
        from django.db import connection
        from django.test import Client

        from sanxiao.field import inbox, offer, phones
        from tests import load

        edition = offer.offers(self.people.zhang, "survey_vendor")[0].edition
        key, web = phones.make(self.people.zhang, "手机", "collect")[1], Client()
        kind = f"multipart/form-data; boundary={load.BOUNDARY}"
        bodies = iter([load.body(edition.code, edition.version, number, b"") for number in range(200)])

        def ours() -> None:
            heads = {"HTTP_X_OPENROSA_VERSION": "1.0"}
            answer = web.post(f"/key/{key}/submission", next(bodies), content_type=kind, **heads)
            assert answer.status_code == 201, answer.content

        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bare_inbox (id varchar(36) PRIMARY KEY, body text)")

        def plain() -> None:
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO bare_inbox VALUES (%s, %s)", [str(uuid.uuid4()), load.FILLING])

        self.add("submission of 2 kB, answered", cpu(ours, 60), cpu(plain, 60), "INSERT", 6)
        self.add("submission, settled: a file opened", cpu(lambda: inbox.drain(1), 30), None, "", None)

    def phone_page(self) -> None:
        """What a person waits for at the phone page, CPU at a quarter: measured in a browser by its own tests."""
        told = self.folder / "figures"
        tests = "tests/browser/test_field_measure.py::test_"
        names = [f"{tests}ready_to_type", f"{tests}five_thousand_places_are_filtered_at_once"]
        env = {**os.environ, "SANXIAO_FIGURES": str(told)}
        env.pop("DATABASE_URL", None)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *names]
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        if not told.exists():
            print(f"  the phone page was not measured: {done.stdout.strip().splitlines()[-1]}")
            return
        for line in told.read_text().splitlines():
            name, took, goal = json.loads(line)
            self.add(f"phone page, {name.replace('_', ' ')}", took, None, "", goal, clock="wall")

    def report(self) -> None:
        """The town's quarterly figures, all tables, beside one bare aggregate over the log."""
        from django.db.models import Count

        from sanxiao.docket.models import Event
        from sanxiao.office.now import today
        from sanxiao.reports import figures
        from sanxiao.reports.quarters import campaign_start, last_ended

        period = last_ended(today()).period(campaign_start("320413100000"))
        grouped = Event.objects.order_by().values("kind", "move", "area", "on").annotate(n=Count("pk"))
        ours = cpu(lambda: figures.count("320413100", period), 5, 1)
        self.add("quarterly report, figures", ours, cpu(bare(grouped), 5, 1), "SQL", None)

    def night(self) -> None:
        """The night watch over all open terms, 200 of them due, beside the bare indexed scan."""
        from sanxiao.docket import watch
        from sanxiao.docket.models import Deadline

        past = Deadline.objects.past().exclude(lapse="").order_by("due_on", "id")
        scan, open_terms, due = cpu(bare(past)), Deadline.objects.running().count(), past.count()
        took = wall(watch.night)
        assert not past.exists()
        self.add(f"night watch, {open_terms} open, {due} due", took, scan, "scan", 10_000, clock="wall")

    def ledger(self) -> None:
        """An old ledger into the archive by `import_archive`, beside reading it and inserting bare rows."""
        from django.core.management import call_command

        path = write_ledger(self.folder / "ledger.xlsx")
        plain = wall(lambda: read_and_insert(path))

        def taken() -> None:
            call_command("import_archive", str(path), kind="workshop", stdout=io.StringIO())

        self.add(f"import of {LEDGER_ROWS} rows, filed", wall(taken), plain, "calamine + insert", 30_000, clock="wall")


PARTS: dict[str, tuple[Callable[[Bench], None], ...]] = {
    "页面 Pages": (Bench.pages,),
    "办件 Acts": (Bench.certificate, Bench.one_move),
    "手机 Phones": (Bench.submission, Bench.phone_page),
    "整批 In bulk": (Bench.report, Bench.night, Bench.ledger),
}


def middle(ordered: Any) -> Any:
    """The row in the middle of a list."""
    return ordered[ordered.count() // 2]


def bare(rows: Any) -> Callable[[], Any]:
    """The SELECT of a queryset, run and fetched without Django's models."""
    from django.db import connection

    sql, params = rows.query.sql_with_params()

    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            cursor.fetchall()

    return run


def four_statements(file: Any) -> None:
    """What a move writes at the least: the state, the log, a term that ends, and the next due date read."""
    from django.db import connection, transaction

    one = 'INSERT INTO docket_event (kind, subject, file, area, move, frm, "to", facts, "on", at) '
    values = "VALUES ('bench', %s, %s, '0', 'x', '', '', '{}', '2018-04-01', '2018-04-01')"
    key = file.pk.hex if connection.vendor == "sqlite" else str(file.pk)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE archive_establishment SET warden = warden WHERE id = %s", [key])
        cursor.execute(one + values, [key, key])
        cursor.execute("UPDATE docket_deadline SET outcome = 'met' WHERE subject = %s AND term = 'bench'", [key])
        cursor.execute("SELECT due_on FROM docket_deadline WHERE subject = %s AND done_on IS NULL", [key])
        cursor.fetchall()


def write_ledger(path: Path) -> Path:
    """A ledger of workshops, every row another place."""
    import xlsxwriter

    from sanxiao.office.models import Area
    from sanxiao.survey.tests import steps

    villages = [area.name for area in Area.objects.on().filter(level__in=("village", "community"))]
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("台账")
        page.write_string(0, 0, "小作坊登记台账")
        page.write_row(1, 0, steps.HEADS)
        for n in range(LEDGER_ROWS):
            said = {"所属村": villages[n % len(villages)], "联系电话": f"141{n:08d}"}
            page.write_row(n + 2, 0, list(steps.line(n, **said).values()))
    return path


def read_and_insert(path: Path) -> None:
    """The bare thing: calamine reads, one bulk_create writes two rows of a place; rolled back afterwards."""
    import python_calamine
    from django.db import transaction

    from sanxiao.archive.models import Establishment, Operator

    rows = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[2:]
    with contextlib.suppress(_UndoneError), transaction.atomic():
        people = [Operator(area="320413100206", name=str(row[3])) for row in rows]
        Operator.objects.bulk_create(people, batch_size=1000)
        Establishment.objects.bulk_create(
            [
                Establishment(
                    pk=uuid.uuid4(), area="320413100206", kind_id="workshop", name=str(row[2]), operator=who,
                    address=str(row[6]), state="normal",
                )
                for row, who in zip(rows, people, strict=True)
            ],
            batch_size=1000,
        )  # fmt: skip
        raise _UndoneError


class _UndoneError(Exception):
    """Takes the bare import back."""


# --- the run ---------------------------------------------------------------------------------------------------


HEAD = f"{'':44}{'ours':>10}{'bare':>10}{'times':>8}{'goal':>10}"


def show(line: Line) -> None:
    """One line of the table: what it is, ours, the bare thing, how many times that, the goal and whether it holds."""
    bare_part = span(line.bare) if line.bare is not None else "–"
    times = f"×{line.ratio:.1f}" if line.ratio else "–"
    goal = f"≤ {span(line.goal)}" if line.goal is not None else "–"
    mark = "" if line.goal is None else "ok" if line.ok else "MISSED"
    clock = " (wall)" if line.clock == "wall" else ""
    work = f"  {line.work}{clock}"
    print(f"{work:44}{span(line.ours):>10}{bare_part:>10}{times:>8}{goal:>10}  {mark:7}{line.bare_is}", flush=True)


def span(ms: float) -> str:
    """A time as a person reads it: 0.25 ms, 46 ms, 18.1 s."""
    if ms >= 1000:
        return f"{ms / 1000:.1f} s".replace(".0 s", " s")
    return f"{ms:.0f} ms" if ms >= 10 else f"{ms:.2f} ms"


def conclude(lines: list[Line]) -> None:
    """The last line: does everything hold?"""
    missed = [line.work for line in lines if not line.ok]
    held = sum(line.goal is not None for line in lines) - len(missed)
    print(f"\n目标达到 {held} 项 goals held: {held}" + (f"；未达到 missed: {', '.join(missed)}" if missed else ""))


def measure() -> list[Line]:
    """Fill the town and measure everything, what changes it last."""
    import django

    django.setup()
    from django.core.management import call_command

    from sanxiao.archive.models import Establishment
    from tests import cast

    call_command("migrate", verbosity=0)
    if Establishment.objects.exists():
        sys.exit("这个数据库不是空的。 This database is not empty: ./run bench fills one of its own.")
    people = cast.the_town()
    call_command("make_town", scale=SCALE)
    print(f"\nCPU of one go, median of {ROUNDS}; beside it the bare thing in the same run.")
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}: wall times hold on a machine that does nothing else.\n"
    )
    print(HEAD)
    with tempfile.TemporaryDirectory(prefix="sanxiao-ledger-") as folder:
        bench = Bench(people, Path(folder))
        for title, works in PARTS.items():
            print(title)
            for work in works:
                work(bench)
    return bench.lines


def main() -> int:
    """Measure in a data folder that is thrown away; exit status 1 when a goal is missed."""
    with tempfile.TemporaryDirectory(prefix="sanxiao-bench-") as data:
        os.environ |= {"SANXIAO_DATA": data, "SANXIAO_PROFILE": "practice"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanxiao.web.settings")
        lines = measure()
    conclude(lines)
    from tests import chicago

    where = chicago.folder()
    ranking = chicago.measure(where) if where else []
    OUT.parent.mkdir(parents=True, exist_ok=True)
    told = [{**asdict(line), "ratio": line.ratio, "ok": line.ok} for line in lines]
    OUT.write_text(
        json.dumps({"scale": SCALE, "unit": "ms", "lines": told, "ranking": ranking}, ensure_ascii=False, indent=1)
        + "\n"
    )
    return 0 if all(line.ok for line in lines) and all(line["ok"] for line in ranking) else 1


if __name__ == "__main__":
    sys.exit(main())
