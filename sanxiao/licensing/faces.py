"""What stands on the papers of this room: the faces of certificate and cards, notices, the receipt.

Papers are the town's documents and are written in Chinese whatever the language of the screen. Personal
numbers are masked before they become a fact of a paper.
"""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from sanxiao.archive.models import Establishment, Pitch
from sanxiao.docket import terms
from sanxiao.docket.models import Rule
from sanxiao.licensing.models import Application, Certificate
from sanxiao.office.models import Area, Office
from sanxiao.office.now import today
from sanxiao.papers import cn

UNITS = {"wd": "个工作日", "d": "日", "month": "个月", "year": "年", "h": "小时"}
WEEK = "一二三四五六日"
REMEDY = "如不服本决定，可以自收到本决定书之日起六十日内依法申请行政复议，也可以在六个月内依法向人民法院提起行政诉讼。"


def document_of(file: Establishment, on: date | None = None) -> dict[str, Any]:
    """What the town says of the document of the file's kind (name, issuer, note …); empty when it has none."""
    return Rule.objects.value(file.kind.document, file.area, on, {}) if file.kind.document else {}


def check_address(code: str) -> str:
    """The address behind the QR, in capitals: fewer squares (security.md, Design 6)."""
    return f"{settings.PUBLIC_BASE_URL}/v/{code}".upper()


def face_of(paper: Certificate) -> tuple[str, dict[str, Any]]:
    """Template and facts of the face of a certificate or card, as the file stands now."""
    file, said = paper.file, document_of(paper.file, paper.issued_on)
    common = {
        "title": paper.document, "number": paper.number, "name": file.name, "person": file.operator.name,
        "issuer": said.get("issuer", ""), "issued_on": str(paper.issued_on), "valid_from": str(paper.valid_from),
        "valid_to": str(paper.valid_to), "hotline": Rule.objects.value("public.hotline", file.area, default=""),
        "qr": check_address(paper.code), "practice": file.practice,
    }  # fmt: skip
    verify = f"官方查验：{urlsplit(settings.PUBLIC_BASE_URL).netloc}　查验码 {paper.shown_code}"
    if file.kind.route == "bureau":
        return "certificate", common | _certificate(paper, file, verify)
    return "card", common | _card(file, said, verify)


def _certificate(paper: Certificate, file: Establishment, verify: str) -> dict[str, Any]:
    branch = Office.objects.on().filter(role="bureau", area__startswith=file.area[:9]).first()
    copies = f"第{cn.numeral(paper.copy_no)}次制发　" if paper.copy_no > 1 else ""
    return {
        "code": file.operator.credit_code or cn.mask_id(file.operator.id_number), "domicile": file.operator.home,
        "address": file.address, "categories": _choices(file, "food_classes"),
        "varieties": file.facts.get("food_varieties") or "", "supervisor_body": branch.name if branch else "",
        "supervisor": file.officer.name if file.officer else "", "note": copies + verify,
    }  # fmt: skip


def _card(file: Establishment, said: dict[str, Any], verify: str) -> dict[str, Any]:
    pitches = list(Pitch.objects.filter(file=file, until__isnull=True))
    village = Area.objects.on().filter(code=file.area).first()
    return {
        "kind": "vendor" if file.kind_id == "vendor" else "eatery", "id_no": cn.mask_id(file.operator.id_number),
        "area": "、".join(p.name for p in pitches) or file.address,
        "hours": "；".join(window_text(w) for p in pitches for w in p.windows),
        "foods": file.facts.get("food_varieties") or "、".join(_choices(file, "food_classes")),
        "village": village.name if village else "", "note": "　".join(n for n in (said.get("note"), verify) if n),
    }  # fmt: skip


def window_text(window: dict[str, Any]) -> str:
    """周一、周三 05:30–09:00, on paper always in Chinese."""
    days = window.get("days", [])
    said = "每天" if len(days) == 7 else "周" + "、".join(WEEK[int(d) - 1] for d in days)
    return f"{said} {window.get('from', '')}–{window.get('to', '')}"


def _choices(file: Establishment, field: str) -> list[str]:
    """Answers of the survey in the words of the form."""
    labels = Rule.objects.value(f"labels.{file.kind_id}", file.area, default={})
    choices = labels.get(field, {}).get("choices", {})
    return [str(choices.get(v, [v])[0]) for v in file.facts.get(field) or []]


def notice(app: Application, title: str, paragraphs: list[Any], **more: Any) -> dict[str, Any]:
    """A notice to the operator in the manner of GB/T 9704 (notice.typ)."""
    said = document_of(app.file)
    return {
        "title": title, "org": said.get("issuer", ""), "number": app.number,
        "addressee": f"{app.file.name}（{app.file.operator.name}）", "paragraphs": paragraphs, "date": str(today()),
        "practice": app.file.practice, **more,
    }  # fmt: skip


def term_text(app: Application, key: str) -> str:
    """The length of the term of this application in words: 二十个工作日."""
    term = next(t for m in app.flow.moves for t in m.starts if t.key == key and terms.applies(app, t))
    length, unit, _law, _most = terms.length_of(app, term)
    return f"{cn.numeral(int(length))}{UNITS[unit]}"


def accepted(app: Application) -> dict[str, Any]:
    """受理通知书."""
    since = "受理" if app.route == "certificate" else "村（社区）上报"
    text = (
        f"你（单位）{_asks(app)}{_document(app)}的申请（编号 {app.number}），材料齐全、符合要求，现予受理。"
        f"自{since}之日起{term_text(app, 'decide')}内作出决定。"
    )
    return notice(app, "受理通知书", [text], ending="特此通知。", receipt=True)


def returned(app: Application) -> dict[str, Any]:
    """补正材料告知书: every defect at once, and by when."""
    head = f"你（单位）{_asks(app)}{_document(app)}的申请（编号 {app.number}）收悉。经审查，下列材料需要补正："
    tail = (
        f"请自收到本告知书之日起{term_text(app, 'resubmit')}内一次补齐；逾期未补正的，视为放弃申请。"
        "需要补正的内容以本告知书为限。"
    )
    return notice(app, "补正材料告知书", [head, *[{"level": 3, "text": d} for d in app.defects], tail], receipt=True)


def refused(app: Application, reason: str) -> dict[str, Any]:
    """不予登记决定书: the reason, and what the operator can do."""
    head = (
        f"你（单位）{_asks(app)}{_document(app)}的申请（编号 {app.number}），经审查，{app.ground}：{reason}。"
        "决定不予登记。"
    )
    return notice(app, "不予登记决定书", [head, REMEDY], receipt=True)


def _document(app: Application) -> str:
    return document_of(app.file).get("printed_title", "")


def _asks(app: Application) -> str:
    return {"new": "办理", "renew": "延续", "change": "变更", "replace": "补办"}[app.purpose]


def handed_over(app: Application, paper: Certificate) -> dict[str, Any]:
    """领取回执."""
    return {
        "title": "领取回执", "org": paper.facts.get("issuer", ""), "number": app.number,
        "documents": [{"title": paper.document, "number": paper.number, "copies": "1"}],
        "addressee": f"{app.file.name}（{app.file.operator.name}）", "received_by": app.received_by,
        "at": cn.day_text(app.handed_on), "how": ["本人领取", "代为领取", "送证上门"], "practice": app.file.practice,
    }  # fmt: skip
