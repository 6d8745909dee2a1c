"""`./run canary`: fifty tips over real HTTP to a running server, then every byte that it has left is searched.

    python -m tests.canary        prints what was searched and found; exit status 0 when nothing was found

Planted: names, telephones and addresses of informers, receipts, words, and the hours of the telling. Searched: the
database (every column of every table, and its raw file with journals), all files of the data folder, and what the
server printed. The same search must find a leak that is planted afterwards, or it proves nothing.
"""

import contextlib
import io
import json
import os
import re
import secrets
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from tests import serving

ROOT = Path(__file__).resolve().parent.parent
TIPS = 50
SHANGHAI = timezone(timedelta(hours=8))
NEVER = datetime.min.replace(tzinfo=UTC)
PASSPHRASE = "canary-passphrase-2018"
SETUP = """
from pathlib import Path
from django.core.management import call_command
from sanxiao.office.models import Office, Post, User
from sanxiao.tips import identity
from datetime import date
call_command("setup_town", "towns/jincheng", verbosity=0)
people = {}
for name, role in (("chen", "bureau"), ("zhou", "fso"), ("sun", "leading")):
    people[name] = User.objects.create_user(name, PASSWORD, name=name)
    Post.objects.create(user=people[name], office=Office.objects.on().filter(role=role).first(), since=date(2018, 4, 1))
for name in ("chen", "zhou"):
    identity.name(people[name], people["sun"])
    identity.new_key(people[name], PASSPHRASE, PASSPHRASE)
"""
MORNING = """
from datetime import timedelta
from sanxiao.office.now import at, midnight, today
from sanxiao.docket import flow, watch
from sanxiao.tips.models import Report
from sanxiao.office.models import User
with at(midnight(today()) + timedelta(days=1, hours=2)):
    watch.night()
chen = User.objects.get(username="chen")
for report in Report.objects.all()[:10]:
    flow.move(report, "accept", chen, office=report.office, summary="请查卫生")
    flow.move(report, "no_case", chen, finding="已改")
    flow.move(report, "close", chen, outcome="verified", answer="已改")
print(Report.objects.count())
"""


# The watch for revival notes every minute, letters or none, how far it has listened: that tells of no letter.
CLOCKS = {"lookback_heard"}


@dataclass
class Planted:
    """What must not be found, and between which moments the tips were told."""

    words: list[str] = field(default_factory=list)
    first: datetime = NEVER
    last: datetime = NEVER


@dataclass
class Found:
    """One thing that was found: where, and what."""

    where: str
    what: str


def environment(data: Path) -> dict[str, str]:
    """Of our own processes: their own data, nothing of the caller's."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SANXIAO_") and k != "DATABASE_URL"}
    ours = {"DJANGO_SETTINGS_MODULE": "sanxiao.web.settings", "SANXIAO_DATA": str(data), "PYTHONPATH": str(ROOT)}
    # Fifty people at fifty addresses, as a proxy on this machine would name them: no address may be found later.
    return {**kept, **ours, "SANXIAO_HOSTS": "127.0.0.1", "SANXIAO_PROXIES": "127.0.0.1"}


def shell(data: Path, code: str) -> str:
    """Run a piece of the program in a process of its own."""
    said = f"PASSPHRASE = {PASSPHRASE!r}\nPASSWORD = {secrets.token_urlsafe(12)!r}\n{code}"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", said], cwd=ROOT, env=environment(data), text=True,
        capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return done.stdout


@contextlib.contextmanager
def server(data: Path, log: Path) -> Iterator[str]:
    """The program as `./run` serves it, two processes; what it prints goes to `log`."""
    options = ["--workers", "2", "--blocking-threads", "2", "--log-level", "info"]
    with log.open("wb") as out, serving.served(serving.free_port(), environment(data), *options, out=out) as base:
        yield base


def a_photo() -> bytes:
    """A photo whose tags tell the hour, the position and the camera."""
    from PIL import Image

    picture = Image.effect_noise((640, 480), 60).convert("RGB")
    tags = picture.getexif()
    tags[0x010F], tags[0x0132] = "CanaryCamera", "2018:06:05 09:31:47"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=tags)
    return out.getvalue()


def tell(base: str, n: int, planted: Planted) -> None:
    """One tip of one informer; every third with a photo, every second with a second word by the receipt."""
    said = {
        "name": f"金丝雀{secrets.token_hex(3)}", "phone": f"139{secrets.randbelow(10**8):08}",
        "home": f"后阳村{secrets.token_hex(4)}号", "text": f"豆腐坊很脏 {secrets.token_hex(8)}",
    }  # fmt: skip
    planted.words += [said["name"], said["phone"], said["home"], said["text"].split()[1]]
    page = urllib.request.urlopen(f"{base}/tip/", timeout=30).read().decode()
    once = re.search(r'name="once" value="(\w+)"', page)
    assert once
    fields = {
        **said,
        "once": once[1],
        "problem": "dirty",
        "area": "320413100206",
        "place": f"老街{n}号",
        "want": "report",
    }
    files = [("photos", f"IMG_{secrets.token_hex(4)}.jpg", a_photo())] if n % 3 == 0 else []
    answer = _post(f"{base}/tip/", fields, files, n)
    receipt = re.search(r'id="receipt">([\d ]+)<', answer)
    assert receipt, answer[:2000]
    digits = receipt[1].replace(" ", "")
    planted.words += [digits, receipt[1], once[1]]
    if n % 2 == 0:
        word = secrets.token_hex(8)
        planted.words.append(word)
        _post(f"{base}/tip/receipt", {"receipt": digits, "act": "word", "text": f"补充 {word}"}, [], n)


def _post(url: str, fields: dict[str, str], files: list[tuple[str, str, bytes]], n: int) -> str:
    edge = secrets.token_hex(12)
    body = b"".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    )
    for name, filename, data in files:
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        body += head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + data + b"\r\n"
    body += f"--{edge}--\r\n".encode()
    heads = {"Content-Type": f"multipart/form-data; boundary={edge}", "X-Forwarded-For": f"198.51.100.{n}"}
    try:
        return urllib.request.urlopen(urllib.request.Request(url, body, heads), timeout=60).read().decode()
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{error.code}: {error.read().decode()[:3000]}") from error


# --- the search --------------------------------------------------------------------------------------------------


def needles(planted: Planted) -> list[bytes]:
    """The planted words as they could lie in a file: plain, as JSON, in an address."""
    extra = ["CanaryCamera", "198.51.100.", "2018:06:05 09:31:47"]
    found = set()
    for word in [*planted.words, *extra]:
        found |= {word.encode(), json.dumps(word)[1:-1].encode(), urllib.parse.quote(word).encode()}
    return sorted(found)


def hours(planted: Planted) -> re.Pattern[bytes]:
    """Any minute in which something was told, of the town's clock or of the world's, in the usual spellings."""
    told, moment = set(), planted.first.replace(second=0, microsecond=0)
    while moment <= planted.last:
        for zone in (UTC, SHANGHAI):
            there = moment.astimezone(zone)
            told |= {there.strftime("%Y-%m-%d %H:%M:"), there.strftime("%Y-%m-%dT%H:%M:")}
        moment += timedelta(minutes=1)
    return re.compile(b"|".join(re.escape(text.encode()) for text in sorted(told)))


def search(data: Path, log: Path, planted: Planted) -> list[Found]:
    """Everything planted that can be found: in tables, in every file, in the printed lines, in times of files."""
    found: list[Found] = []
    words = needles(planted)
    for path in [*sorted(p for p in data.rglob("*") if p.is_file()), log]:
        raw = path.read_bytes()
        found += [Found(str(path), word.decode()) for word in words if word in raw]
    found += _in_tables(data / "sanxiao.sqlite3", planted)
    found += [Found(str(log), line.decode()) for line in log.read_bytes().splitlines() if b"/tip" in line]
    for path in (data / "blobs").rglob("*"):
        if path.is_file() and planted.first.timestamp() <= path.stat().st_mtime <= planted.last.timestamp():
            found.append(Found(str(path), f"changed at {path.stat().st_mtime}"))
    return found


def _in_tables(database: Path, planted: Planted) -> list[Found]:
    """Hours in any column of any table, and rows that stand in the order of the telling."""
    found, told = [], hours(planted)
    with contextlib.closing(sqlite3.connect(database)) as rows:
        tables = [name for (name,) in rows.execute("select name from sqlite_master where type = 'table'")]
        for table in set(tables) - CLOCKS:
            for row in rows.execute(f'select * from "{table}"'):  # noqa: S608  names of our own tables
                for value in row:
                    text = value if isinstance(value, bytes) else str(value).encode()
                    if hit := told.search(text):
                        found.append(Found(table, hit[0].decode()))
    return found


def in_order(data: Path) -> bool:
    """Do the rows of any table of tips stand in the order in which they were told? The place tells it: 老街<n>号."""
    code = """
from sanxiao.tips.models import Letter, Report
letters = Letter.objects.extra(select={"place": "rowid"})
for rows in (letters, Report.objects.extra(select={"place": "tips_report.rowid"})):
    said = [(r if isinstance(r, Letter) else r.letter).content["place"] for r in rows.extra(order_by=["place"])]
    numbers = [int(place[2:-1]) for place in said]
    print(int(numbers == sorted(numbers)))
from sanxiao.docket.models import Event
events = Event.objects.filter(kind="tips.report", move="receive").order_by("id").values_list("subject", flat=True)
places = dict(Report.objects.values_list("pk", "letter"))
said = [int(Letter.objects.get(pk=places[s]).content["place"][2:-1]) for s in events]
print(int(said == sorted(said)))
"""
    return "1" in shell(data, code).split()


def prove(data: Path, log: Path, tips: int = TIPS) -> dict[str, Any]:
    """The whole proof; returns what was searched and what was found."""
    if not (data / "sanxiao.sqlite3").exists():
        command = [sys.executable, "manage.py", "migrate", "-v", "0"]
        subprocess.run(command, cwd=ROOT, env=environment(data), check=True, stdout=subprocess.DEVNULL)
    shell(data, SETUP)
    time.sleep(61 - datetime.now(UTC).second)  # no minute of the setting up is a minute of the telling
    planted = Planted(first=datetime.now(UTC))
    with server(data, log) as base:
        for n in range(tips):
            tell(base, n, planted)
        planted.last = datetime.now(UTC)
        box_found = search(data, log, planted)
    if shell(data, MORNING).strip() != str(tips):
        raise SystemExit("not every tip arrived")
    after = search(data, log, planted)
    ordered = in_order(data)
    leak = data / "leak.txt"
    leak.write_text(f"{planted.words[0]} {planted.first:%Y-%m-%d %H:%M:%S}", encoding="utf-8")
    control = search(data, log, planted)
    leak.unlink()
    with contextlib.closing(sqlite3.connect(data / "sanxiao.sqlite3")) as rows:
        rows.execute("create table leak (at text)")
        rows.execute("insert into leak values (?)", (planted.first.astimezone(SHANGHAI).isoformat(" "),))
        rows.commit()
    control_hours = search(data, log, planted)
    return {
        "tips": tips, "planted": len(planted.words), "in_the_box": [vars(f) for f in box_found],
        "in_the_morning": [vars(f) for f in after], "in_order": ordered,
        "control_words": len(control) > len(after), "control_hours": len(control_hours) > len(after),
        "files": sum(1 for p in data.rglob("*") if p.is_file()),
    }  # fmt: skip


def clean(result: dict[str, Any]) -> bool:
    """Was nothing found, and would something have been?"""
    nothing = not (result["in_the_box"] or result["in_the_morning"] or result["in_order"])
    return nothing and result["control_words"] and result["control_hours"]


def main() -> int:
    """Run the proof in a folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="sanxiao-canary-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        result = prove(data, Path(folder) / "server.log")
    print(json.dumps(result, ensure_ascii=False, indent=1))
    return 0 if clean(result) else 1


if __name__ == "__main__":
    sys.exit(main())
