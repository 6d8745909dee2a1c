"""What all papers of enforcement share: heads, parties, sums, and the three shapes form, letter and list."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import override

from sanxiao.archive.models import Operator
from sanxiao.docket.models import Rule
from sanxiao.enforcement.models import Case, Measure
from sanxiao.enforcement.rules import PENALTIES
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.papers import cn
from sanxiao.papers.models import Paper, issue_paper

TO_SIGN = "　　　　　　　　　　年　　月　　日"  # room for a name and its day
REMEDY = (
    "如不服本决定，可以自收到本决定书之日起六十日内依法申请行政复议，"
    "也可以在六个月内依法向人民法院提起行政诉讼。复议、诉讼期间本决定不停止执行。"
)
GOODS = (("序号", 1), ("名称", 3), ("规格、批号", 2), ("数量", 2), ("单位", 1), ("备注", 3))  # of the national form


def form(case: Case, title: str, by: User | None, rows: list[tuple[str, str]]) -> Paper:
    """An approval or a record: name and text, line by line."""
    with override("zh-hans"):
        words = [f"{name}：{text}" for name, text in rows]
        return issue_paper(case, "notice", title, {**head(case, title, case.number), "paragraphs": words}, by,
                           case.number)  # fmt: skip


def letter(
    subject: Any, title: str, by: User | None, words: list[str], number: str = "", goods: Sequence[Any] = ()
) -> Paper:
    """To the party, to be signed for; with a list of goods where there is one."""
    case = subject.case if isinstance(subject, Measure) else subject
    with override("zh-hans"):
        facts = head(case, title, number) | {
            "addressee": party(case), "paragraphs": words, "receipt": True,
            "contact": case.officer.name, "phone": case.officer.phone or None, "list": goods_list(goods),
        }  # fmt: skip
        return issue_paper(subject, "notice", title, facts, by, number)


def goods_list(goods: Sequence[Any], fates: Any = None) -> dict[str, Any] | None:
    """清单: number, name, spec, quantity, unit, note; with what became of each piece where that is known."""
    if not goods:
        return None
    heads = [{"label": label, "width": width} for label, width in GOODS]
    if fates is not None:
        heads.append({"label": "去向", "width": 2})
    rows = [[str(no), row.name, row.spec, number(row.quantity), row.unit, row.note,
             *([label(fates, row.fate)] if fates is not None else [])] for no, row in enumerate(goods, 1)]  # fmt: skip
    return {"columns": heads, "rows": rows}


def head(case: Case, title: str, number: str) -> dict[str, Any]:
    """The head of a paper of a case."""
    return head_of(case.area, case.rule_on, title, number)


def head_of(area: str, rule_on: date, title: str, number: str) -> dict[str, Any]:
    """Title, office, number and day of a paper."""
    said = Rule.objects.value("document.case", area, rule_on, {})
    return {
        "title": title, "org": said.get("issuer", "市场监督管理局"), "number": number or None, "date": str(today()),
        "practice": not settings.REAL,
    }  # fmt: skip


def party(case: Case) -> str:
    """The place, who runs it, and a masked number."""
    operator: Operator = case.file.operator
    paper = f"统一社会信用代码 {operator.credit_code}" if operator.credit_code else ""
    if not paper and operator.id_number:
        paper = f"{operator.get_id_type_display()} {cn.mask_id(operator.id_number)}"
    return f"{case.file.name or case.file.called}（{'，'.join(filter(None, [f'经营者：{operator.name}', paper]))}）"


def handlers(case: Case) -> str:
    """Both officers."""
    return "、".join(filter(None, [case.officer.name, case.second.name if case.second else ""]))


def sums(case: Case) -> str:
    """What the goods are worth and what was gained."""
    return f"货值金额{yuan(case.value or Decimal(0))}，违法所得{yuan(case.gains or Decimal(0))}"


def clauses(case: Case) -> str:
    """Clauses with their wording."""
    return "；".join(f"{row['law']}（{row['text']}）" if row.get("text") else row["law"] for row in case.clauses)


def laws(case: Case) -> str:
    """Clauses by name."""
    return "、".join(dict.fromkeys(row["law"] for row in case.clauses))


def bases(case: Case) -> str:
    """What the penalties rest on."""
    return "、".join(dict.fromkeys(row.get("basis") or row["law"] for row in case.clauses))


def yuan(amount: Decimal) -> str:
    """'5000元'."""
    return f"{number(amount)}元"


def number(amount: Decimal) -> str:
    """A number without idle noughts."""
    return f"{amount:f}".rstrip("0").rstrip(".") if "." in f"{amount:f}" else f"{amount:f}"


def label(pairs: Any, key: str) -> str:
    """The word of a choice."""
    return str(dict(pairs).get(key, key))


def pairs(pairs: Any) -> list[tuple[str, str]]:
    """Choices as words."""
    return [(key, str(name)) for key, name in pairs]


def name(user: User | None) -> str:
    """Who acts."""
    return user.name if user else ""


def penalty_words(case: Case) -> str:
    """'1. 罚款人民币5000元；2. 没收违法财物。'."""
    sums = {"fine": yuan(case.fine), "gains": yuan(case.gains or Decimal(0))}
    said = [
        f"{name}{'人民币' + sums[key] if key in sums else ''}"
        for key, name in pairs(PENALTIES)
        if key in case.penalties
    ]
    return "；".join(f"{no}. {words}" for no, words in enumerate(said, 1)) + "。" if said else "不予处罚。"
