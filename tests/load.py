"""`./run load`: phones send at once. A throw-away town is served as in earnest (two processes), sixteen phones send
submissions of 2 kB under their keys over kept connections, each twice: the second time as after a lost answer.

Printed: stored per second with the CPU of the web server for each (that is what a phone waits for, exactly once), then
settled per second with the CPU of who settles, and what stands in the database: every submission once, every one
settled. Exit status 1 when one is lost, doubled or stuck. SANXIAO_LOAD=N sends N (2,000); `--photo` adds a photo
of 500 kB to each. DATABASE_URL serves that database, which must be empty.
"""

import http.client
import io
import os
import subprocess
import sys
import tempfile
import time
import uuid
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from tests import serving

ROOT = Path(__file__).parent.parent
MANY = int(os.environ.get("SANXIAO_LOAD", "2000"))
PHONES = 16
BOUNDARY = "phones-sending"
FILLING = "流动摊点，早上五点到九点在桥头，卖豆浆、油条、蒸饭。" * 20  # a sheet of 2 kB, as they are in the field
TOWN = "320413100206"


def body(form: str, version: str, number: int, picture: bytes) -> bytes:
    """One submission as ODK Collect sends it: a new vendor."""
    key, instance = uuid.uuid4(), uuid.uuid4()
    picture = (
        picture and picture + instance.bytes
    )  # no two photos are alike; what follows a JPEG's end is not looked at
    shot = "<photos><photo>p.jpg</photo></photos>" if picture else ""
    xml = (
        f'<data id="{form}" version="{version}"><identity><village>{TOWN}</village><shop_name>摊位{number}'
        f"</shop_name><operator_name>摊主{number}</operator_name></identity><findings><problems_note>{FILLING}"
        f"</problems_note></findings>{shot}<signing><surveyed_on>2018-06-05</surveyed_on></signing>"
        f'<meta><entity dataset="places" id="{key}" create="1" update="0"><label>摊位{number}</label></entity>'
        f"<instanceID>uuid:{instance}</instanceID></meta></data>"
    )
    parts = [("xml_submission_file", "submission.xml", "text/xml", xml.encode())]
    parts += [("p.jpg", "p.jpg", "image/jpeg", picture)] if picture else []
    out = io.BytesIO()
    for name, file, kind, data in parts:
        head = f'Content-Disposition: form-data; name="{name}"; filename="{file}"\r\nContent-Type: {kind}\r\n\r\n'
        out.write(f"--{BOUNDARY}\r\n{head}".encode() + data + b"\r\n")
    out.write(f"--{BOUNDARY}--\r\n".encode())
    return out.getvalue()


def phone(port: int, key: str, bodies: list[bytes]) -> list[tuple[int, float]]:
    """One phone: sends its submissions one after the other, twice each; status and seconds of every answer."""
    web = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    heads = {"X-OpenRosa-Version": "1.0", "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    given = []
    for data in bodies:
        start = time.perf_counter()
        web.request("POST", f"/key/{key}/submission", data, heads)
        answer = web.getresponse()
        answer.read()
        given.append((answer.status, time.perf_counter() - start))
    return given


def photo(size: int) -> bytes:
    """A photo of about so many bytes, as a phone sends it after making it small."""
    from PIL import Image

    out = io.BytesIO()
    noise = Image.effect_noise((1600, 1200), 60).convert("RGB")
    noise.save(out, "JPEG", quality=max(5, min(90, size // 9000)))
    return out.getvalue()


def cpu_of(pids: list[int]) -> float:
    """Seconds of CPU that these processes have used."""
    spent = 0.0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        spent += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent


def children(pid: int) -> list[int]:
    """The processes below one."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found += [int(stat.parent.name), *children(int(stat.parent.name))]
    return found


def prepared() -> tuple[str, str, list[str]]:
    """The town, and the keys of the phones; form and version of the vendor's sheet."""
    import django

    django.setup()
    from django.core.management import call_command

    from sanxiao.field import offer, phones
    from tests import cast

    call_command("migrate", verbosity=0)
    people = cast.the_town()
    edition = offer.offers(people.zhang, "survey_vendor")[0].edition
    keys = [phones.make(people.zhang, f"手机{n}", "collect")[1] for n in range(PHONES)]
    from django.db import connection

    connection.close()
    return edition.code, edition.version, keys


def serve(port: int) -> tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]]:
    """The program as `./run` serves it: the web server, and who settles what has come."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    settler = subprocess.Popen([sys.executable, str(ROOT / "manage.py"), "settle"], cwd=ROOT, env=env)
    return serving.begin(port, env, *serving.AS_FOR_A_TOWN), settler


def sent_by_all(port: int, keys: list[str], bodies: list[bytes]) -> list[tuple[int, float]]:
    """All phones at once, each with its share."""
    with ProcessPoolExecutor(4) as pool:  # a client costs CPU too: four processes, four phones in turn in each
        shares = [bodies[n::PHONES] for n in range(PHONES)]
        return [row for given in pool.map(phone, [port] * PHONES, keys, shares) for row in given]


def measure(picture: bytes) -> int:
    """Send, wait until all is settled, count. Exit status 1 when something is lost, doubled or stuck."""
    form, version, keys = prepared()
    port = int(os.environ.get("PORT", "8103"))
    server, settler = serve(port)
    try:
        bodies = [body(form, version, number, picture) for number in range(MANY)]
        sent_by_all(port, keys, [body(form, version, 0, picture) for _n in range(PHONES * 4)])  # warm
        settled_by(settler.pid)
        workers = [server.pid, *children(server.pid)]
        start, spent = time.perf_counter(), cpu_of(workers)
        given = sent_by_all(port, keys, bodies)
        took, spent = time.perf_counter() - start, cpu_of(workers) - spent
        report(given, took, spent, bool(picture))
        count, seconds, spent = settled_by(settler.pid)
        print(
            f"settled a second     {count / seconds:10.0f}   CPU {1000 * spent / count:.2f} ms each, beside the server"
        )
        again = sent_by_all(port, keys, bodies)
        return judge(given, again)
    finally:
        for process in (server, settler):
            serving.end(process)


def report(given: Any, took: float, spent: float, photo: bool) -> None:
    """The figures of storing."""
    spans = sorted(seconds for _status, seconds in given)
    central, times = (46, 3) if photo else (77, 5)
    rate = len(given) / took
    print(f"stored a second      {rate:10.0f}   (ODK Central on such a machine: {central}; goal {times} times that)")
    print(f"CPU of the server    {1000 * spent / len(given):10.2f} ms each")
    print(f"answer, p50 · p95    {1000 * spans[len(spans) // 2]:10.0f} · {1000 * spans[int(len(spans) * 0.95)]:.0f} ms")
    print(f"machine              {os.cpu_count():10d} cores, load {os.getloadavg()[0]:.1f} with the phones on it too")


def settled_by(pid: int) -> tuple[int, float, float]:
    """Wait until nothing is left to settle: how many there were, seconds, and seconds of CPU of who settles."""
    from sanxiao.field.models import Submission

    rows = Submission.objects.filter(state="received")
    count, start, spent = rows.count(), time.perf_counter(), cpu_of([pid])
    for _n in range(3000):
        if not rows.exists():
            break
        time.sleep(0.1)
    return max(count, 1), time.perf_counter() - start, cpu_of([pid]) - spent


def judge(given: Any, again: Any) -> int:
    """Every submission stands once and is settled."""
    from sanxiao.field.models import Submission

    stored, settled = Submission.objects.count(), Submission.objects.filter(state="settled").count()
    expected = len(given) + PHONES * 4
    accepted = sum(status == 201 for status, _s in again)
    good = stored == settled == expected and all(status == 201 for status, _s in [*given, *again])
    print(f"sent again           {accepted:10d} of {len(again)} accepted again")
    print(f"stored · settled     {stored:10d} · {settled} of {expected}   {'ok' if good else 'MISSED'}")
    return 0 if good else 1


def main() -> int:
    """Measure in a data folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="sanxiao-load-") as data:
        os.environ |= {"SANXIAO_DATA": data, "SANXIAO_PROFILE": "practice"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanxiao.web.settings")
        return measure(photo(500_000) if "--photo" in sys.argv else b"")


if __name__ == "__main__":
    sys.exit(main())
