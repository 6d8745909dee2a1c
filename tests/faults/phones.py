"""Phones and an office as plain HTTP clients: what each has seen, what it has written, what waits to be sent.

A phone does as our page does: its answers lie over the list that it was given, with version, trunk and branch; what is
finished waits under one UUID, with the same bytes, until the server has said 201.
"""

import hashlib
import http.client
import io
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from lxml import html

from tests.cast import PASSWORD

SHANGHAI = timezone(timedelta(hours=8))
FIELDS = ("shop_name", "address", "workers", "food_varieties")  # what is changed in the runs
HEAD = {"shop_name": "name", "address": "address"}  # of these, what the office corrects, and its column
BOUNDARY = "one-phone-sends"


@dataclass(frozen=True)
class Write:
    """Somebody changed a field of a place: what he saw there before, and what he wrote."""

    who: str
    place: uuid.UUID
    name: str
    saw: str
    wrote: str


@dataclass
class Answer:
    """One finished form."""

    id: uuid.UUID
    place: uuid.UUID
    creates: bool
    xml: bytes
    files: dict[str, bytes]
    values: dict[str, str]
    version: int
    twin: bool = False
    has: set[str] = field(default_factory=set)  # files the server has confirmed
    done: bool = False  # 201

    @property
    def instance(self) -> str:
        return f"uuid:{self.id}"


@dataclass
class View:
    """A place as a phone shows it."""

    version: int
    values: dict[str, str]
    operator: str
    trunk: int | None = None
    branch: uuid.UUID | None = None
    local: bool = False


class Refusal(AssertionError):
    """The server refused what it should have taken."""


class Phone:
    """One phone in one hand. `port` is the proxy's."""

    def __init__(self, name: str, port: int, key: str, village: str, edition: tuple[str, str], writes: list[Write]):
        self.name, self.port, self.key, self.village, self.edition = name, port, key, village, edition
        self.list: dict[uuid.UUID, View] = {}
        self.queue: list[Answer] = []  # all answers, also those that were sent
        self.writes = writes
        self.ahead = timedelta()  # its clock
        self.failures: list[str] = []  # answers 5xx

    # --- the line --------------------------------------------------------------------------------------------------

    def ask(self, method: str, path: str, body: bytes = b"", fault: str = "", **heads: str) -> tuple[int, bytes]:
        """One request on a connection of its own; status 0 when no whole answer came."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        told = {"X-OpenRosa-Version": "1.0", "X-Phone-Time": self.clock().isoformat(), "X-Fault": fault, **heads}
        try:
            line.request(method, path, body, told)
            answer = line.getresponse()
            status, said = answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            line.close()
        if status >= 500:
            self.failures.append(f"{method} {path.rsplit('/', 1)[1]} {status}")
        return status, said

    def json(self, path: str, body: Any = None, fault: str = "") -> Any:
        """What our page asks; None when the line broke."""
        data = b"" if body is None else json.dumps(body).encode()
        heads = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        status, said = self.ask("GET" if body is None else "POST", f"/field/api/{path}", data, fault, **heads)
        return json.loads(said or b"{}") if 200 <= status < 300 else None

    def clock(self) -> datetime:
        return datetime.now(SHANGHAI) + self.ahead

    # --- what it shows ---------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Get the list; answers that the server has not yet settled stay laid over it."""
        mine = [answer for answer in self.queue if answer.done]
        told = self.json("status", {"instances": [answer.instance for answer in mine]}) or {"instances": {}}
        settled = {one for one, said in told["instances"].items() if said["state"] == "settled"}
        got = self.json("places")
        if got is None:
            return
        open_ones = {answer.place for answer in self.queue if answer.instance not in settled}
        for row in got["places"]:
            key = uuid.UUID(row["id"])
            if key not in open_ones:
                values = {name: str(row["values"].get(name, "")) for name in FIELDS}
                self.list[key] = View(row["version"], values, row["values"].get("operator_name", ""))

    # --- filling ---------------------------------------------------------------------------------------------------

    def fill_new(self, said: Mapping[str, str], operator: str, photos: list[bytes], *, twin: bool = False) -> Answer:
        """Survey a place that is not in the list."""
        key = uuid.uuid4()
        label = f"<label>{said['shop_name']}</label>"
        entity = f'<entity dataset="places" id="{key}" create="1" update="0">{label}</entity>'
        answer = self._finished(key, said, {"operator_name": operator}, photos, entity, creates=True)
        answer.twin, answer.version = twin, 1
        self.list[key] = View(1, dict(said), operator, None, uuid.uuid4(), local=True)
        return answer

    def fill_change(self, key: uuid.UUID, changes: Mapping[str, str], photos: list[bytes]) -> Answer:
        """Survey a place of the list again: everything is filled in beforehand, some of it is changed."""
        seen = self.list[key]
        trunk = seen.trunk if seen.local else seen.version
        branch = seen.branch or uuid.uuid4()
        chain = f' trunkVersion="{trunk or ""}" branchId="{branch}"'
        entity = (
            f'<entity dataset="places" id="{key}" create="0" update="1" baseVersion="{seen.version}"{chain}></entity>'
        )
        now = {**seen.values, **changes}
        answer = self._finished(key, now, {"operator_name": seen.operator}, photos, entity, chosen=key)
        answer.version = seen.version + 1
        for name, value in changes.items():
            self.writes.append(Write(self.name, key, name, seen.values[name], value))
        self.list[key] = View(answer.version, now, seen.operator, trunk, branch, local=True)
        return answer

    def _finished(
        self, key: uuid.UUID, said: Mapping[str, str], more: Mapping[str, str], photos: list[bytes], entity: str,
        *, creates: bool = False, chosen: Any = "",
    ) -> Answer:  # fmt: skip
        number, (code, version) = uuid.uuid4(), self.edition
        told = {"village": self.village, **said, **more, "surveyed_on": self.clock().date().isoformat()}
        inner = "".join(f"<{name}>{value}</{name}>" for name, value in told.items() if value)
        files = {f"{number.hex[:8]}-{n}.jpg": data for n, data in enumerate(photos)}
        shots = "".join(f"<photos><photo>{name}</photo></photos>" for name in files)
        xml = (
            f'<data id="{code}" version="{version}"><chosen><chosen_place>{chosen}</chosen_place></chosen>'
            f"<identity>{inner}</identity>{shots}<meta>{entity}<instanceID>uuid:{number}</instanceID></meta></data>"
        )
        answer = Answer(number, key, creates, xml.encode(), files, dict(said), 0)
        self.queue.append(answer)
        return answer

    # --- sending ---------------------------------------------------------------------------------------------------

    @property
    def waiting(self) -> list[Answer]:
        """What has not been confirmed."""
        return [answer for answer in self.queue if not answer.done]

    def promise(self, answer: Answer, fault: str = "") -> None:
        """Digests of the photos, told ahead."""
        told = [
            {"name": n, "sha256": hashlib.sha256(d).hexdigest(), "taken_at": self.clock().isoformat()}
            for n, d in answer.files.items()
        ]
        if told:
            self.json("promises", {"instance": answer.instance, "files": told}, fault)

    def send(self, answer: Answer, fault: str = "", *, split: bool = False) -> bool:
        """One attempt; with `split` the photos go one by one. True when the server has confirmed all of it."""
        left = [name for name in answer.files if name not in answer.has]
        parts = [left[n : n + 1] for n in range(len(left))] if split and left else [left]
        for n, names in enumerate(parts):
            last = n == len(parts) - 1
            body = multipart(answer.xml, {name: answer.files[name] for name in names}, incomplete=not last)
            kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
            status, said = self.ask("POST", f"/key/{self.key}/submission?deviceID={self.name}", body, fault, **kind)
            if status == 0 or status >= 500:
                return False
            if status != (201 if last else 202):
                raise Refusal(f"{status} for {answer.instance}: {said.decode()}")
            answer.has |= set(names)
        answer.done = True
        return True


def multipart(xml: bytes, files: Mapping[str, bytes], *, incomplete: bool) -> bytes:
    """The body of a submission as ODK Collect writes it."""
    out = io.BytesIO()
    parts = [("xml_submission_file", "submission.xml", "text/xml", xml)]
    parts += [(name, name, "image/jpeg", data) for name, data in files.items()]
    for name, file, kind, data in parts:
        head = f'Content-Disposition: form-data; name="{name}"; filename="{file}"\r\nContent-Type: {kind}\r\n\r\n'
        out.write(f"--{BOUNDARY}\r\n{head}".encode() + data + b"\r\n")
    if incomplete:
        out.write(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="*isIncomplete*"\r\n\r\nyes\r\n'.encode())
    out.write(f"--{BOUNDARY}--\r\n".encode())
    return out.getvalue()


# --- the office ------------------------------------------------------------------------------------------------


class Desk:
    """An officer at the desk, signed in through the page, with pages open as they were when he opened them."""

    def __init__(self, port: int, who: str) -> None:
        self.port, self.cookies = port, SimpleCookie()
        page = self.get("/login/")
        form = html.fromstring(page).forms[-1]
        status, _said = self.post("/login/", {**dict(form.form_values()), "username": who, "password": PASSWORD})
        assert status == 302, "the officer could not sign in"

    def get(self, path: str) -> bytes:
        status, said = self._ask("GET", path, b"")
        assert status == 200, (path, status)
        return said

    def post(self, path: str, said: Mapping[str, str]) -> tuple[int, bytes]:
        return self._ask("POST", path, urlencode(said).encode())

    def _ask(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        heads = {"Cookie": "; ".join(f"{name}={one.value}" for name, one in self.cookies.items())}
        if body:
            heads["Content-Type"] = "application/x-www-form-urlencoded"
        line.request(method, path, body, heads)
        answer = line.getresponse()
        for value in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.load(value)
        said = answer.read()
        line.close()
        return answer.status, said

    def open_file(self, key: uuid.UUID) -> dict[str, str]:
        """The page on which a file is corrected, as it stands now: every field with its value."""
        forms = html.fromstring(self.get(f"/archive/{key}/edit")).forms
        return dict(next(form for form in forms if "version" in form.fields).form_values())

    def save_file(self, key: uuid.UUID, page: Mapping[str, str]) -> bool:
        """Press the button. False when somebody else was there in between."""
        status, said = self.post(f"/archive/{key}/edit", page)
        assert status in (302, 409), (status, re.findall(rb"<[^>]*errorlist[^>]*>.{0,200}", said))
        return status == 302

    def choose(self, clash: uuid.UUID, sides: list[str]) -> list[tuple[str, str, str, str]] | None:
        """Choose of every line of an open clash; returns question, the office's and the phone's value as the page
        showed them, and the side; None when the choice did not go through."""
        tree = html.fromstring(self.get(f"/field/clash/{clash}/"))
        form = next((form for form in tree.forms if any(name.startswith("take-") for name in form.fields)), None)
        if form is None:
            return None
        told, seen = dict(form.form_values()), []
        names = sorted(name for name in form.fields if name.startswith("take-"))
        for n, name in enumerate(names):
            side = sides[n % len(sides)]
            words = {one.get("value"): one.getparent().findtext(".//strong") for one in form.inputs[name]}
            told[name] = side
            seen.append((name.removeprefix("take-"), words["ours"], words["theirs"], side))
        status, _said = self.post(form.action, told)
        assert status in (302, 409), status
        return seen if status == 302 else None
