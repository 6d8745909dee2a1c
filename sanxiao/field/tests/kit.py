"""What the tests of the field do on the way: a phone, its answers as XML, a room that takes them."""

import hashlib
import io
import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from sanxiao.archive.models import Establishment, Operator
from sanxiao.docket import flow
from sanxiao.docket.refusal import Refused
from sanxiao.docket.rooms import Fill, Filled, Taken
from sanxiao.field import phones
from sanxiao.field.models import Edition
from sanxiao.office.models import User
from tests.cast import HOUYANG

ROSA = {"HTTP_X_OPENROSA_VERSION": "1.0"}


class Phone:
    """A phone in somebody's hand: asks and sends under its key, as ODK Collect does."""

    def __init__(self, user: User, name: str = "张桂兰的手机", client: str = "collect") -> None:
        self.row, self.key = phones.make(user, name, client)
        self.web = Client()

    def get(self, path: str, **extra: Any) -> Any:
        """Ask for something."""
        return self.web.get(path if path.startswith("/key/") else f"/key/{self.key}/{path}", **(ROSA | extra))

    def send(self, xml: str | bytes, *uploads: Any, incomplete: bool = False, **extra: Any) -> Any:
        """Send answers with their photos."""
        data = xml.encode() if isinstance(xml, str) else xml
        parts: dict[str, Any] = {"xml_submission_file": SimpleUploadedFile("submission.xml", data, "text/xml")}
        parts |= {upload.name: upload for upload in uploads}
        if incomplete:
            parts["*isIncomplete*"] = "yes"
        return self.web.post(f"/key/{self.key}/submission?deviceID=abc", parts, **(ROSA | extra))

    def api(self, path: str, body: Any = None, **extra: Any) -> Any:
        """Ask what our page asks."""
        auth = {"HTTP_AUTHORIZATION": f"Bearer {self.key}"} | extra
        if body is None:
            return self.web.get(f"/field/api/{path}", **auth)
        return self.web.post(f"/field/api/{path}", body, content_type="application/json", **auth)


def offered(phone: Phone, code: str = "survey_vendor") -> Edition:
    """The edition that a phone is offered of a form."""
    phone.get(f"formList?formID={code}")
    return Edition.objects.filter(code=code).order_by("-made_at").first()


def photo(name: str = "p1.jpg", colour: str = "green") -> SimpleUploadedFile:
    """A small real picture."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def answers(edition: Edition, *, instance: str = "", photos: tuple[str, ...] = (), **said: Any) -> str:
    """A vendor's sheet as XML. `entity`, `chosen`, `deprecated` go to their places; the rest are answers."""
    instance = instance or f"uuid:{uuid.uuid4()}"
    entity, chosen, deprecated = said.pop("entity", ""), said.pop("chosen", ""), said.pop("deprecated", "")
    told = {"village": HOUYANG, "shop_name": "徐记早点", "operator_name": "徐根宝", "surveyed_on": "2018-06-05"} | said
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in told.items() if value is not None)
    shots = "".join(f"<photos><photo>{name}</photo></photos>" for name in photos)
    was = f"<deprecatedID>{deprecated}</deprecatedID>" if deprecated else ""
    return (
        f'<data xmlns:orx="http://openrosa.org/xforms" id="{edition.code}" version="{edition.version}">'
        f"<chosen><chosen_place>{chosen}</chosen_place></chosen><identity>{inner}</identity>{shots}"
        f"<meta>{entity}<instanceID>{instance}</instanceID>{was}</meta></data>"
    )


def new_place(key: uuid.UUID) -> str:
    """The entity of an answer that makes a place."""
    return f'<entity dataset="places" id="{key}" create="true" update="false"><label>新的</label></entity>'


def of_place(key: Any, base: int, trunk: Any = "", branch: Any = "") -> str:
    """The entity of an answer that brings a place up to date."""
    chain = f' trunkVersion="{trunk}" branchId="{branch}"' if branch else ""
    return f'<entity dataset="places" id="{key}" create="false" update="true" baseVersion="{base}"{chain}></entity>'


class Desk:
    """A room that takes the answers of survey forms: it makes places and changes their names, nothing more."""

    def __init__(self) -> None:
        self.taken: list[Filled] = []
        self.refuses = ""
        self.breaks = False

    def take(self, filled: Filled) -> Taken:
        """Make the place or rename it."""
        self.taken.append(filled)
        if self.breaks:
            raise RuntimeError("a fault in the room")
        file = self._made(filled) if filled.creates else self._renamed(filled)
        if self.refuses:
            raise Refused(self.refuses)
        return Taken(subject=file, file=file)

    def _made(self, filled: Filled) -> Establishment:
        person = Operator.objects.create(name=filled.answers["operator_name"], area=filled.area)
        file = Establishment(
            id=filled.place, kind=filled.form.kind, name=filled.answers["shop_name"], area=filled.area, operator=person
        )
        flow.move(file, "open", filled.by, within=True)
        return file

    def _renamed(self, filled: Filled) -> Establishment:
        file = Establishment.objects.filter(pk=filled.place).first()
        if file is None:
            raise Refused("没有这一户。")
        file.name = filled.answers["shop_name"]
        flow.move(file, "resurvey", filled.by, within=True)
        return file

    def values(self, files: Any) -> dict[Any, dict[str, Any]]:
        """What is told of places."""
        return {file.pk: {"shop_name": file.name, "operator_name": file.operator.name} for file in files}

    def fill(self) -> Fill:
        """Its door."""
        return Fill("survey_", "sheet.fill", "any", take=self.take, values=self.values)


def md5(data: bytes) -> str:
    """As a client counts it."""
    return "md5:" + hashlib.md5(data, usedforsecurity=False).hexdigest()
