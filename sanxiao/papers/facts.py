"""What a paper needs before it is set: required facts, standing sentences, numbering, cells as text.

PDF and Word both take their facts through `ready`, so that they can never differ in a word.
Facts are plain dicts that JSON can carry; `ready` gives a new dict and leaves the caller's alone.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sanxiao.papers import cn

Facts = dict[str, Any]

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class PaperError(Exception):
    """A paper that cannot be made; says which template, which fact is missing, and why."""

    def __init__(self, template: str, reason: str, field: str = "") -> None:
        self.template, self.reason, self.field = template, reason, field
        super().__init__(f"{template}: {reason}" + (f" ({field})" if field else ""))


# Facts without which the paper would be worthless; everything else may be blank.
REQUIRED: dict[str, tuple[str, ...]] = {
    "certificate": ("number", "name", "issuer"),
    "card": ("kind", "number", "name", "issuer"),
    "cards": ("cards",),
    "order": ("org", "number", "addressee", "problems"),
    "notice": ("title", "org"),
    "report": ("title", "org"),
    "file": ("name", "number"),
    "form": ("title", "groups"),
    "list": ("title", "columns", "rows"),
    "receipt": ("documents",),
    "handover": ("from", "to", "items"),
    "poster": ("title", "place", "qr"),
    "visit": ("org", "number", "place", "items"),
    "slip": ("title", "qr"),
    "ballots": ("title", "cards"),
    "leaflet": ("title", "paragraphs"),
    "quiz": ("title", "questions"),
    "pairs": ("title", "problems"),
    "brief": ("org", "title", "head", "offices", "stops", "roles", "items"),
}


def ready(template: str, facts: Mapping[str, Any]) -> Facts:
    """The facts with the template's standing words filled in. Raises PaperError for a missing required fact."""
    if template not in REQUIRED:
        raise PaperError(template, "no such template")
    facts = _clean(facts)
    for field in REQUIRED[template]:
        if facts.get(field) in (None, "", []) and not (template == "list" and field == "rows"):
            raise PaperError(template, "a required fact is missing", field)
    return _READY.get(template, dict)(dict(facts))


def _clean(value: Any) -> Any:
    """The value without null facts and without signs that no paper can carry (control signs, halves of signs)."""
    if isinstance(value, str):
        return _UNFIT.sub("", value)
    if isinstance(value, Mapping):
        return {key: _clean(part) for key, part in value.items() if part is not None}
    return [_clean(part) for part in value] if isinstance(value, list | tuple) else value


def cell(value: object, kind: str = "text") -> str:
    """One table cell as text. kind: text, int, decimal, date, percent (0.853 is 85.3%). None is "—"."""
    if value is None:
        return "—"
    if kind == "percent" and isinstance(value, int | float | Decimal):
        return f"{Decimal(str(value)) * 100:.1f}%"
    if kind == "decimal" and isinstance(value, int | float | Decimal):
        return f"{value:,.2f}"
    if isinstance(value, date) or kind == "date":
        return cn.minute_table(value if isinstance(value, date) else str(value))
    return str(value)


def table(facts: Mapping[str, Any]) -> Facts:
    """A table's facts with every cell as text: columns keep `label, group, kind, width`, rows become lists of str."""
    columns = [{"group": "", "kind": "text", "width": 1, **column} for column in facts["columns"]]
    keys, kinds = [c.get("key") for c in columns], [c["kind"] for c in columns]
    total = facts.get("total")
    return {
        **facts,
        "columns": columns,
        "rows": [_cells(row, keys, kinds) for row in facts["rows"]],
        "total": _cells(total, keys, kinds) if total else None,
    }


def numbered(paragraphs: Iterable[str | Mapping[str, Any]]) -> list[Facts]:
    """Paragraphs with their marks after GB/T 9704: level 1 一、 2 （一） 3 1. 4 （1）; plain text is level 0."""
    counts, out = [0, 0, 0, 0], []
    for paragraph in paragraphs:
        item: Facts = {"level": 0, "text": paragraph} if isinstance(paragraph, str) else {"level": 0, **paragraph}
        level = item["level"]
        if level:
            counts[level - 1] += 1
            counts[level:] = [0] * (4 - level)
        out.append({"level": level, "mark": _mark(level, counts), "text": item["text"]})
    return out


def _mark(level: int, counts: Sequence[int]) -> str:
    if not level:
        return ""
    number = counts[level - 1]
    return (f"{cn.numeral(number)}、", f"（{cn.numeral(number)}）", f"{number}. ", f"（{number}）")[level - 1]


def _cells(row: Mapping[str, Any] | Sequence[Any], keys: Sequence[str | None], kinds: Sequence[str]) -> list[str]:
    values = [row.get(key or "") for key in keys] if isinstance(row, Mapping) else row
    return [cell(value, kind) for value, kind in zip(values, kinds, strict=True)]


def _certificate(facts: Facts) -> Facts:
    return {
        "title": "食品小作坊登记证",
        **facts,
        "code": _masked(facts.get("code")),
        "categories": _joined(facts.get("categories")),
        "varieties": _joined(facts.get("varieties")),
        "valid": cn.span_text(facts.get("valid_from"), facts.get("valid_to")),
    }


def _card(facts: Facts) -> Facts:
    if facts["kind"] not in _CARD_ROWS:
        raise PaperError("card", f"kind must be one of {', '.join(_CARD_ROWS)}", "kind")
    title, rows = _CARD_ROWS[facts["kind"]]
    filled = {
        "title": title,
        **facts,
        "id_no": _masked(facts.get("id_no")),
        "foods": _joined(facts.get("foods")),
        "valid": cn.span_text(facts.get("valid_from"), facts.get("valid_to")),
    }
    return {**filled, "rows": [[label, filled.get(key)] for label, key in rows]}


def _cards(facts: Facts) -> Facts:
    return {**facts, "cards": [ready("card", card) for card in facts["cards"]]}


_CARD_ROWS = {
    "vendor": (
        "食品摊贩登记卡",
        (
            ("姓　　名", "person"),
            ("身份证号码", "id_no"),
            ("摊　　名", "name"),
            ("经营区域", "area"),
            ("经营时段", "hours"),
            ("经营品种", "foods"),
            ("有效期限", "valid"),
        ),
    ),
    "eatery": (
        "食品小餐饮登记卡",
        (
            ("字号名称", "name"),
            ("经 营 者", "person"),
            ("身份证号码", "id_no"),
            ("经营地址", "area"),
            ("营业时间", "hours"),
            ("经营项目", "foods"),
            ("有效期限", "valid"),
        ),
    ),
}


def _order(facts: Facts) -> Facts:
    """Each problem becomes clause, conduct, demand and term in words; the remedies are one standing sentence."""
    problems = [
        {"text": "", "clause": "", "demand": "", **p, "due": cn.day_text(p.get("due")) or "立即"}
        for p in facts["problems"]
    ]
    return {
        "title": "责令改正通知书",
        "lead": "经查，你（单位）存在下列行为，违反了表中所列条款的规定：",
        "demand_lead": f"依据{facts.get('basis') or '有关法律、法规'}的规定，现责令你（单位）按照上表所列的"
        "内容和期限予以改正。改正完成后，请向本局申请复查。",
        "remedy": _remedy(facts),
        **facts,
        "problems": problems,
        "ending": f"本文书一式{cn.numeral(facts.get('copies') or 2)}份，一份送达，其余归档。",
        "service": _service(facts),
    }


def _service(facts: Facts) -> Facts | bool:
    """The facts of the receipt behind the order: what the caller knows over what the order itself tells."""
    own = facts.get("service")
    if own is False:
        return False
    document = {"title": facts.get("title") or "责令改正通知书", "number": facts["number"]}
    known = {"org": facts["org"], "addressee": facts["addressee"], "documents": [document]}
    return _receipt({**known, **(own or {}), "practice": facts.get("practice")})


def _remedy(facts: Facts) -> str:
    """Review within 60 days, suit within 6 months: both terms stand in the national form."""
    return (
        "如对本责令改正决定不服，可以自收到本通知书之日起六十日内依法向"
        f"{facts.get('review_to') or '________________'}申请行政复议；也可以在六个月内依法向"
        f"{facts.get('court') or '________________'}提起行政诉讼。"
    )


def _notice(facts: Facts) -> Facts:
    listed = {"list": table(facts["list"])} if facts.get("list") else {}
    return {**facts, "paragraphs": numbered(facts.get("paragraphs") or []), **listed}


def _report(facts: Facts) -> Facts:
    """Sections become one run of numbered paragraphs; tables get their cells as text."""
    run: list[Any] = []
    for section in facts.get("sections") or []:
        if section.get("heading"):
            run.append({"level": 1, "text": section["heading"]})
        run += section.get("paragraphs") or []
    return {
        **facts,
        "paragraphs": numbered(run),
        "tables": [table(t) for t in facts.get("tables") or []],
        "foot": _foot(facts),
    }


def _foot(facts: Facts) -> str:
    """The line that ties a print to its figures: made when, checked by which sum, frozen when."""
    parts = [f"本表由 三小 生成于 {cn.minute_table(facts.get('generated_at')) or '／'}"]
    if facts.get("frozen_at"):
        parts.append(f"数据冻结于 {cn.minute_table(facts['frozen_at'])}")
    if facts.get("check"):
        parts.append(f"校验 {facts['check']}")
    return "｜".join(parts)


def _list(facts: Facts) -> Facts:
    return {"count": len(facts["rows"]), **table(facts), "foot": _foot(facts)}


def _file(facts: Facts) -> Facts:
    return {
        **facts,
        "papers": [table_row(p, "date") for p in facts.get("papers") or []],
        "tables": [table(t) for t in facts.get("tables") or []],
        "foot": _foot(facts).replace("本表", "本档案"),
    }


def table_row(row: Mapping[str, Any], *days: str) -> Facts:
    """The row with the named days written as tables write them."""
    return {**row, **{day: cn.minute_table(row.get(day)) for day in days}}


def _form(facts: Facts) -> Facts:
    groups = [{**g, "questions": [_question(q) for q in g["questions"]]} for g in facts["groups"]]
    return {**facts, "groups": groups}


def _question(question: Mapping[str, Any]) -> Facts:
    """The question with its answer as a list of chosen values and as text, ready for □ and ☑."""
    answer = question.get("answer")
    chosen = answer if isinstance(answer, list) else [] if answer in (None, "") else [answer]
    choices = [c if isinstance(c, Mapping) else {"value": c, "label": c} for c in question.get("choices") or []]
    if question.get("type") in ("bool", "yesno") and not choices:
        choices = [{"value": True, "label": "是"}, {"value": False, "label": "否"}]
    text = "、".join(cn.minute_table(str(c)) for c in chosen)
    return {**question, "choices": [{**c, "on": c["value"] in chosen} for c in choices], "text": text}


def _receipt(facts: Facts) -> Facts:
    return {"title": "送达回证", "how": ["直接送达", "留置送达", "邮寄送达", "委托送达"], **facts}


def _handover(facts: Facts) -> Facts:
    items = [table_row(item, "due") for item in facts["items"]]
    return {"title": "工作交接清单", **facts, "items": items, "foot": _foot(facts).replace("本表", "本清单")}


def _visit(facts: Facts) -> Facts:
    return {"title": "监督检查结果记录表", **facts, "foot": _foot(facts)}


def _brief(facts: Facts) -> Facts:
    return {**facts, "foot": _foot(facts).replace("本表", "本方案")}


def _joined(value: object) -> str:
    return "、".join(value) if isinstance(value, list | tuple) else str(value or "")


def _masked(number: str | None) -> str:
    """An identity number is masked even where the caller forgot; a credit code (letters, 9… ) is public."""
    number = number or ""
    looks_personal = len(number) in (15, 18) and number[:17].isdigit() and not number.startswith("9")
    return cn.mask_id(number) if looks_personal else number


_READY: dict[str, Callable[[Facts], Facts]] = {
    "certificate": _certificate,
    "card": _card,
    "cards": _cards,
    "order": _order,
    "notice": _notice,
    "report": _report,
    "list": _list,
    "file": _file,
    "form": _form,
    "receipt": _receipt,
    "handover": _handover,
    "visit": _visit,
    "brief": _brief,
}
