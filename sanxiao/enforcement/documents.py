"""The papers of a case, in the words of the national forms (2021 edition) as far as they are known.

Each is filled from the case, numbered where the form has a number, frozen when it is issued and reprinted byte for
byte. They are written in Chinese whatever the screen's language; personal numbers are masked.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import override

from sanxiao.archive.models import Operator
from sanxiao.docket.models import Rule
from sanxiao.enforcement.closing_rules import GROUNDS, WAYS
from sanxiao.enforcement.handing import CRIMES, PAPERS
from sanxiao.enforcement.models import Case, Closure, Measure, Referral, Transfer
from sanxiao.enforcement.rules import (
    DEGREES,
    ENDINGS,
    FATES,
    MEASURES,
    ORIGINS,
    PENALTIES,
    REFUSALS,
    SERVICES,
    SIGNED,
)
from sanxiao.office.models import Office, User
from sanxiao.office.now import today
from sanxiao.papers import cn
from sanxiao.papers.models import Paper, issue_paper

TO_SIGN = "　　　　　　　　　　年　　月　　日"  # room for a name and its day
REMEDY = (
    "如不服本决定，可以自收到本决定书之日起六十日内依法申请行政复议，"
    "也可以在六个月内依法向人民法院提起行政诉讼。复议、诉讼期间本决定不停止执行。"
)


def registered(case: Case, by: User | None) -> Paper:
    """案件来源登记表. Of what the public told nothing stands on it but that it came from there."""
    return _form(case, "案件来源登记表", by, [
        ("编号", case.number), ("案件来源", _label(ORIGINS, case.origin)),
        ("发现或收到日期", cn.day_text(case.received_on)), ("当事人", _party(case)),
        ("地址", case.file.address or ""), ("案源内容", case.conduct),
        ("承办人", _handlers(case)), ("登记人", _name(by)), ("登记日期", cn.day_text(today())),
    ])  # fmt: skip


def scene(case: Case, by: User | None, said: Mapping[str, Any]) -> Paper:
    """现场笔录: hours, place, officers with their certificates, who was there, rights, what was found, signatures."""
    party = TO_SIGN if said["signed"] == "signed" else _label(SIGNED, said["signed"])
    return _form(case, "现场笔录", by, [
        ("时间", f"{cn.day_text(said['did_on'])}{said['began']:%H时%M分}至{said['ended']:%H时%M分}"),
        ("地点", said["scene_at"]), ("当事人", _party(case)), ("执法人员及证号", said["credentials"]),
        ("到场人员", said["present"]),
        ("告知事项", "执法人员出示了执法证件，告知当事人有权陈述、申辩，有权申请有利害关系的人员回避。"),
        ("现场情况", said["reason"]), ("当事人签名", party), ("见证人", said.get("witness") or TO_SIGN),
        ("执法人员签名", TO_SIGN),
    ])  # fmt: skip


def receipt_of(case: Case, title: str, number: str, by: User | None, on: date | None, received_by: str = "") -> Paper:
    """送达回证 of a notice or a decision, with what is known filled in and the signatures left open."""
    with override("zh-hans"):
        facts = {
            "org": _head(case, "送达回证", "")["org"], "documents": [{"title": title, "number": number}],
            "addressee": _party(case), "place": case.file.address or "", "at": cn.day_text(on) if on else "",
            "how": [str(name) for _key, name in SERVICES], "chosen": _label(SERVICES, case.service),
            "received_by": received_by, "served_by": _handlers(case), "practice": not settings.REAL,
        }  # fmt: skip
        return issue_paper(case, "receipt", "送达回证", facts, by, number)


def filed(case: Case, by: User | None, note: str) -> Paper:
    """立案审批表."""
    return _form(case, "立案审批表", by, [
        ("案件来源", _label(ORIGINS, case.origin)), ("发现或收到日期", cn.day_text(case.received_on)),
        ("当事人", _party(case)), ("涉嫌违法行为", case.conduct), ("承办人", _handlers(case)),
        ("审批意见", f"同意立案。{note}"), ("审批人", _name(by)),
    ])  # fmt: skip


def not_filed(case: Case, by: User | None, reason: str) -> Paper:
    """不予立案审批表."""
    return _form(case, "不予立案审批表", by, [
        ("案件来源", _label(ORIGINS, case.origin)), ("当事人", _party(case)), ("核查情况", case.conduct),
        ("不予立案的情形", _label(REFUSALS, case.refusal)), ("理由", reason), ("审批人", _name(by)),
    ])  # fmt: skip


def investigated(case: Case, by: User | None) -> Paper:
    """案件调查终结报告."""
    return _form(case, "案件调查终结报告", by, [
        ("当事人", _party(case)), ("违法事实", case.conduct), ("货值金额、违法所得", _sums(case)),
        ("违反条款和处罚依据", _clauses(case)),
        ("裁量", f"{_label(DEGREES, case.degree)}。{case.degree_reasons}"), ("处理建议", case.opinion),
        ("拟处罚", penalty_words(case)), ("承办人", _handlers(case)),
    ])  # fmt: skip


def announced(case: Case, by: User | None) -> Paper:
    """行政处罚告知书: the facts, the grounds, what is intended, and the right to answer or to be heard."""
    return _letter(case, "行政处罚告知书", by, [
        f"经查，你（单位）{case.conduct}", f"上述行为违反了{_laws(case)}的规定。",
        f"依据{_bases(case)}的规定，本局拟对你（单位）作出如下行政处罚：{penalty_words(case)}",
        "如对上述认定有异议，可以自收到本告知书之日起五个工作日内提出陈述、申辩；"
        "属于法律规定可以要求听证的，可以在同一期限内要求听证。逾期视为放弃。",
    ])  # fmt: skip


def decided(case: Case, by: User | None) -> Paper:
    """行政处罚决定书, also that on the spot."""
    title = "当场行政处罚决定书" if case.summary else "行政处罚决定书"
    words = [f"经查，你（单位）{case.conduct}", f"上述行为违反了{_laws(case)}的规定。"]
    words += [f"关于当事人的陈述、申辩：{case.defence}"] if case.defence else []
    words += [case.decision] if case.decision else []
    words += [f"依据{_bases(case)}的规定，决定处罚如下：{penalty_words(case)}"]
    if case.owed:
        words.append(
            f"请自收到本决定书之日起十五日内缴纳罚没款人民币{_yuan(case.owed)}。逾期不缴的，每日按罚款数额的百分之三加处罚款。"
        )
    return _letter(case, title, by, [*words, REMEDY], number=case.number)


def not_punished(case: Case, by: User | None, reason: str) -> Paper:
    """不予行政处罚决定书."""
    words = [f"经查，你（单位）{case.conduct}", f"{reason}", "依法决定不予行政处罚。", REMEDY]
    return _letter(case, "不予行政处罚决定书", by, words, number=case.number)


def closed(case: Case, by: User | None) -> Paper:
    """结案审批表."""
    return _form(case, "结案审批表", by, [
        ("案号", case.number), ("当事人", _party(case)), ("处理决定", penalty_words(case)),
        ("已缴罚没款", _yuan(case.paid)), ("结案情形", _label(ENDINGS, case.ending)), ("审批人", _name(by)),
    ])  # fmt: skip


def measure(taken: Measure, by: User | None) -> Paper:
    """实施行政强制措施决定书 or 先行登记保存通知书, with its list."""
    case = taken.case
    titles = {"seal": "查封决定书", "seize": "扣押决定书", "register": "先行登记保存证据通知书"}
    lead = (
        f"你（单位）涉嫌{case.conduct}，本局决定对下列财物予以{_label(MEASURES, taken.how)}，"
        f"存放于{taken.place}，由{taken.custodian}保管。"
    )
    lines = [
        f"{row.no}. {row.name}　{row.spec}　{_number(row.quantity)}{row.unit}　{row.note}".strip()
        for row in taken.exhibits.all()
    ]
    end = [] if taken.how == "register" else [REMEDY]
    return _letter(taken, titles[taken.how], by, [lead, "财物清单：", *lines, *end], number=taken.number)


def goods_settled(taken: Measure, by: User | None) -> Paper:
    """财物处理清单."""
    lines = [
        f"{row.no}. {row.name}　{_number(row.quantity)}{row.unit}：{_label(FATES, row.fate)}"
        for row in taken.exhibits.all()
    ]
    witness = [f"监销人或见证人：{taken.witness}"] if taken.witness else []
    return _letter(
        taken, "财物处理清单", by, [f"{taken.number}所列财物处理如下：", *lines, *witness], number=taken.number
    )


def penalty_words(case: Case) -> str:
    """'1. 罚款人民币5000元；2. 没收违法财物。'."""
    sums = {"fine": _yuan(case.fine), "gains": _yuan(case.gains or Decimal(0))}
    said = [
        f"{name}{'人民币' + sums[key] if key in sums else ''}"
        for key, name in _pairs(PENALTIES)
        if key in case.penalties
    ]
    return "；".join(f"{no}. {words}" for no, words in enumerate(said, 1)) + "。" if said else "不予处罚。"


def to_police(transfer: Transfer, by: User | None) -> Paper:
    """涉嫌犯罪案件移送书."""
    case = transfer.case
    lines = [f"{no}. {name}" for no, name in enumerate((n for k, n in _pairs(PAPERS) if k in transfer.papers), 1)]
    words = [
        f"本局在查处{_party(case)}一案中发现，{case.conduct}", f"经专案核实：{transfer.report}",
        f"其行为涉嫌{_label(CRIMES, transfer.crime)}。依据《行政执法机关移送涉嫌犯罪案件的规定》，现将该案移送你单位。",
        "随案材料：", *lines,
    ]  # fmt: skip
    return _sent_to(transfer, case, "涉嫌犯罪案件移送书", _office_words(transfer.area, "police"), words, by)


def to_office(referral: Referral, by: User | None) -> Paper:
    """案件移送函, also that by which the food-safety office names who has it."""
    last = "由食安办指定，不再退回。" if referral.assigned else "如不属你单位职责，请写明理由退回。"
    words = [
        f"在对{referral.file.name or referral.file.called}的检查中发现：{referral.matter}",
        f"按照职责分工，现移送你单位办理，{last}",
        f"请于{cn.day_text(referral.wanted_on)}前答复办理结果。",
    ]  # fmt: skip
    return _sent_to(referral, referral, "案件移送函", str(referral.to.name if referral.to else ""), words, by)


def closing_announced(closure: Closure, by: User | None, reason: str) -> Paper:
    """关停取缔告知书."""
    return _to_place(closure, "关停取缔告知书", by, [
        f"你（单位）{_label(GROUNDS, closure.ground)}：{reason}",
        f"请在{cn.day_text(closure.guided_until)}前办理证照、进入集中区、转业或者自行停止经营；村和有关单位可以帮助办理。",
        "逾期仍不停止的，将依法责令停止并组织联合执法。",
    ])  # fmt: skip


def ordered_to_stop(closure: Closure, by: User | None) -> Paper:
    """责令停止经营通知书."""
    return _to_place(closure, "责令停止经营通知书", by, [
        f"《关停取缔告知书》（{closure.number}）所定的引导期已过，你（单位）仍在经营。",
        f"现责令你（单位）于{cn.day_text(closure.stop_on)}起停止食品生产经营活动。", REMEDY,
    ])  # fmt: skip


def operation(closure: Closure, by: User | None) -> Paper:
    """联合执法执行方案: for everybody who goes; not for the place."""
    words = [
        f"对象：{closure.file.name or closure.file.called}，{closure.file.address}",
        f"日期：{cn.day_text(closure.act_on)}",
        f"参加单位和人员：{closure.team}", f"任务和预案：{closure.steps}",
    ]  # fmt: skip
    with override("zh-hans"):
        facts = {**_head_of(closure.area, closure.rule_on, "联合执法执行方案", closure.number), "paragraphs": words}
        return issue_paper(closure, "notice", "联合执法执行方案", facts, by, closure.number)


def closed_down(closure: Closure, by: User | None) -> Paper:
    """关停取缔现场记录."""
    return _to_place(closure, "关停取缔现场记录", by, [
        f"执行日期：{cn.day_text(closure.acted_on)}", f"结果：{_label(WAYS, closure.way)}",
        f"参加单位和人员：{closure.team}", f"现场财物：{closure.goods or '无'}",
        f"阻碍执法：{'有' if closure.resisted else '无'}",
    ])  # fmt: skip


def _form(case: Case, title: str, by: User | None, rows: list[tuple[str, str]]) -> Paper:
    with override("zh-hans"):
        words = [f"{name}：{text}" for name, text in rows]
        return issue_paper(
            case, "notice", title, {**_head(case, title, case.number), "paragraphs": words}, by, case.number
        )


def _letter(subject: Any, title: str, by: User | None, words: list[str], number: str = "") -> Paper:
    case = subject.case if isinstance(subject, Measure) else subject
    with override("zh-hans"):
        facts = _head(case, title, number) | {
            "addressee": _party(case), "paragraphs": words, "receipt": True,
            "contact": case.officer.name, "phone": case.officer.phone or None,
        }  # fmt: skip
        return issue_paper(subject, "notice", title, facts, by, number)


def _head(case: Case, title: str, number: str) -> dict[str, Any]:
    return _head_of(case.area, case.rule_on, title, number)


def _head_of(area: str, rule_on: date, title: str, number: str) -> dict[str, Any]:
    said = Rule.objects.value("document.case", area, rule_on, {})
    return {
        "title": title, "org": said.get("issuer", "市场监督管理局"), "number": number or None, "date": str(today()),
        "practice": not settings.REAL,
    }  # fmt: skip


def _party(case: Case) -> str:
    operator: Operator = case.file.operator
    paper = f"统一社会信用代码 {operator.credit_code}" if operator.credit_code else ""
    if not paper and operator.id_number:
        paper = f"{operator.get_id_type_display()} {cn.mask_id(operator.id_number)}"
    return f"{case.file.name or case.file.called}（{'，'.join(filter(None, [f'经营者：{operator.name}', paper]))}）"


def _handlers(case: Case) -> str:
    return "、".join(filter(None, [case.officer.name, case.second.name if case.second else ""]))


def _sums(case: Case) -> str:
    return f"货值金额{_yuan(case.value or Decimal(0))}，违法所得{_yuan(case.gains or Decimal(0))}"


def _clauses(case: Case) -> str:
    return "；".join(f"{row['law']}（{row['text']}）" if row.get("text") else row["law"] for row in case.clauses)


def _laws(case: Case) -> str:
    return "、".join(dict.fromkeys(row["law"] for row in case.clauses))


def _bases(case: Case) -> str:
    return "、".join(dict.fromkeys(row.get("basis") or row["law"] for row in case.clauses))


def _yuan(amount: Decimal) -> str:
    return f"{_number(amount)}元"


def _number(amount: Decimal) -> str:
    return f"{amount:f}".rstrip("0").rstrip(".") if "." in f"{amount:f}" else f"{amount:f}"


def _label(pairs: Any, key: str) -> str:
    return str(dict(pairs).get(key, key))


def _pairs(pairs: Any) -> list[tuple[str, str]]:
    return [(key, str(name)) for key, name in pairs]


def _name(user: User | None) -> str:
    return user.name if user else ""


def _to_place(closure: Closure, title: str, by: User | None, words: list[str]) -> Paper:
    file = closure.file
    party = f"{file.name or file.called}（经营者：{file.operator.name}）"
    return _sent_to(closure, closure, title, party, words, by)


def _sent_to(subject: Any, of: Any, title: str, to: str, words: list[str], by: User | None) -> Paper:
    with override("zh-hans"):
        facts = _head_of(of.area, of.rule_on, title, subject.number)
        facts |= {"addressee": to, "paragraphs": words, "receipt": True, "contact": _name(by)}
        return issue_paper(subject, "notice", title, facts, by, subject.number)


def _office_words(area: str, role: str) -> str:
    office = Office.objects.on().filter(role=role, area__startswith=area[:9]).first()
    return office.name if office else ""
