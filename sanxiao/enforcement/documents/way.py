"""The papers of a case on its way: source, filing, records, review, notice, decision, service, close."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import override

from sanxiao.enforcement.documents.frame import (
    REMEDY,
    TO_SIGN,
    bases,
    clauses,
    form,
    handlers,
    head,
    label,
    laws,
    letter,
    name,
    party,
    penalty_words,
    sums,
    yuan,
)
from sanxiao.enforcement.models import Case
from sanxiao.enforcement.rules import DEGREES, ENDINGS, ORIGINS, REFUSALS, SERVICES, SIGNED
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.papers import cn
from sanxiao.papers.models import Paper, issue_paper

HEARING_TITLE = "行政处罚听证通知书"


def registered(case: Case, by: User | None) -> Paper:
    """案件来源登记表. Of what the public told nothing stands on it but that it came from there."""
    return form(case, "案件来源登记表", by, [
        ("编号", case.number), ("案件来源", label(ORIGINS, case.origin)),
        ("发现或收到日期", cn.day_text(case.received_on)), ("当事人", party(case)),
        ("地址", case.file.address or ""), ("案源内容", case.conduct),
        ("承办人", handlers(case)), ("登记人", name(by)), ("登记日期", cn.day_text(today())),
    ])  # fmt: skip


def scene(case: Case, by: User | None, said: Mapping[str, Any]) -> Paper:
    """现场笔录: hours, place, officers with their certificates, who was there, rights, what was found, signatures."""
    signs = TO_SIGN if said["signed"] == "signed" else label(SIGNED, said["signed"])
    return form(case, "现场笔录", by, [
        ("时间", f"{cn.day_text(said['did_on'])}{said['began']:%H时%M分}至{said['ended']:%H时%M分}"),
        ("地点", said["scene_at"]), ("当事人", party(case)), ("执法人员及证号", said["credentials"]),
        ("到场人员", said["present"]),
        ("告知事项", "执法人员出示了执法证件，告知当事人有权陈述、申辩，有权申请有利害关系的人员回避。"),
        ("现场情况", said["reason"]), ("当事人签名", signs), ("见证人", said.get("witness") or TO_SIGN),
        ("执法人员签名", TO_SIGN),
    ])  # fmt: skip


def receipt_of(case: Case, title: str, number: str, by: User | None) -> Paper:
    """送达回证 of a notice or a decision, issued with it: day, way and signatures are left open for the doorstep."""
    with override("zh-hans"):
        facts = {
            "org": head(case, "送达回证", "")["org"], "documents": [{"title": title, "number": number}],
            "addressee": party(case), "place": case.file.address or "",
            "how": [str(name) for _key, name in SERVICES], "served_by": handlers(case), "practice": not settings.REAL,
        }  # fmt: skip
        return issue_paper(case, "receipt", "送达回证", facts, by, number)


def filed(case: Case, by: User | None, note: str) -> Paper:
    """立案审批表."""
    return form(case, "立案审批表", by, [
        ("案件来源", label(ORIGINS, case.origin)), ("发现或收到日期", cn.day_text(case.received_on)),
        ("当事人", party(case)), ("涉嫌违法行为", case.conduct), ("承办人", handlers(case)),
        ("审批意见", f"同意立案。{note}"), ("审批人", name(by)),
    ])  # fmt: skip


def not_filed(case: Case, by: User | None, reason: str) -> Paper:
    """不予立案审批表."""
    return form(case, "不予立案审批表", by, [
        ("案件来源", label(ORIGINS, case.origin)), ("当事人", party(case)), ("核查情况", case.conduct),
        ("不予立案的情形", label(REFUSALS, case.refusal)), ("理由", reason), ("审批人", name(by)),
    ])  # fmt: skip


def investigated(case: Case, by: User | None) -> Paper:
    """案件调查终结报告."""
    return form(case, "案件调查终结报告", by, [
        ("当事人", party(case)), ("违法事实", case.conduct), ("货值金额、违法所得", sums(case)),
        ("违反条款和处罚依据", clauses(case)),
        ("裁量", f"{label(DEGREES, case.degree)}。{case.degree_reasons}"), ("处理建议", case.opinion),
        ("拟处罚", penalty_words(case)), ("承办人", handlers(case)),
    ])  # fmt: skip


def announced(case: Case, by: User | None) -> Paper:
    """行政处罚告知书 with its 送达回证: facts, grounds, what is intended, the right to answer or to be heard."""
    paper = letter(case, "行政处罚告知书", by, [
        f"经查，你（单位）{case.conduct}", f"上述行为违反了{laws(case)}的规定。",
        f"依据{bases(case)}的规定，本局拟对你（单位）作出如下行政处罚：{penalty_words(case)}",
        "如对上述认定有异议，可以自收到本告知书之日起五个工作日内提出陈述、申辩；"
        "属于法律规定可以要求听证的，可以在同一期限内要求听证。逾期视为放弃。",
    ], number=case.number)  # fmt: skip
    receipt_of(case, "行政处罚告知书", case.number, by)
    return paper


def decided(case: Case, by: User | None) -> Paper:
    """行政处罚决定书, also that on the spot."""
    title = "当场行政处罚决定书" if case.summary else "行政处罚决定书"
    words = [f"经查，你（单位）{case.conduct}", f"上述行为违反了{laws(case)}的规定。"]
    words += [f"关于当事人的陈述、申辩：{case.defence}"] if case.defence else []
    words += [case.decision] if case.decision else []
    words += [f"依据{bases(case)}的规定，决定处罚如下：{penalty_words(case)}"]
    if case.owed:
        words.append(
            f"请自收到本决定书之日起十五日内缴纳罚没款人民币{yuan(case.owed)}。逾期不缴的，每日按罚款数额的百分之三加处罚款。"
        )
    paper = letter(case, title, by, [*words, REMEDY], number=case.number)
    if not case.summary:  # on the spot the party signs the decision itself
        receipt_of(case, title, case.number, by)
    return paper


def not_punished(case: Case, by: User | None, reason: str) -> Paper:
    """不予行政处罚决定书."""
    words = [f"经查，你（单位）{case.conduct}", f"{reason}", "依法决定不予行政处罚。", REMEDY]
    paper = letter(case, "不予行政处罚决定书", by, words, number=case.number)
    receipt_of(case, "不予行政处罚决定书", case.number, by)
    return paper


def closed(case: Case, by: User | None) -> Paper:
    """结案审批表."""
    return form(case, "结案审批表", by, [
        ("案号", case.number), ("当事人", party(case)), ("处理决定", penalty_words(case)),
        ("已缴罚没款", yuan(case.paid)), ("结案情形", label(ENDINGS, case.ending)), ("审批人", name(by)),
    ])  # fmt: skip


def agreed(case: Case, by: User | None, matter: str, reason: str, until: date | None = None) -> Paper:
    """行政处罚案件有关事项审批表: a longer time, a stop, a penalty that falls."""
    rows = [("案号", case.number), ("当事人", party(case)), ("审批事项", matter), ("理由", reason)]
    rows += [("延长至", cn.day_text(until))] if until else []
    return form(case, "行政处罚案件有关事项审批表", by, [*rows, ("审批人", name(by)), ("日期", cn.day_text(today()))])


def questioned(case: Case, by: User | None, said: Mapping[str, Any]) -> Paper:
    """询问笔录: what was asked and answered, to be read over and signed page by page."""
    return form(case, "询问笔录", by, [
        ("日期", cn.day_text(said["did_on"])), ("询问人", handlers(case)), ("案号", case.number),
        ("当事人", party(case)),
        ("告知事项", "询问人出示了执法证件，告知被询问人有权申请回避、有权陈述申辩，应当如实回答。"),
        ("询问内容", said["reason"]), ("被询问人签名", f"以上笔录我看过（已向我宣读），和我说的一致。{TO_SIGN}"),
        ("询问人签名", TO_SIGN),
    ])  # fmt: skip


def told_of_test(case: Case, subject: Any, by: User | None, what: str) -> Paper:
    """检测、检验、检疫、鉴定期间告知书: the time of a test does not count, and the party is told so in writing."""
    return letter(subject, "检测、检验、检疫、鉴定期间告知书", by, [
        f"你（单位）{case.number}一案，需要进行下列检测、检验、检疫或者鉴定：{what}",
        f"自{cn.day_text(today())}起至作出结论之日止的期间，不计入办案期限和查封、扣押期限。结论将书面告知你（单位）。",
    ], number=case.number)  # fmt: skip


def reviewed(case: Case, by: User | None, outcome: str, note: str) -> Paper:
    """案件审核意见书: of somebody who handles it not."""
    return form(case, "案件审核意见书", by, [
        ("案号", case.number), ("当事人", party(case)), ("承办人", handlers(case)), ("拟处罚", penalty_words(case)),
        ("审核内容", "管辖、当事人、事实和证据、定性、依据、程序、裁量、处理建议"), ("审核意见", f"{outcome}{note}"),
        ("审核人", name(by)), ("审核日期", cn.day_text(today())),
    ])  # fmt: skip


def discussed(case: Case, by: User | None) -> Paper:
    """行政处罚案件集体讨论记录."""
    return form(case, "行政处罚案件集体讨论记录", by, [
        ("案号", case.number), ("当事人", party(case)), ("讨论日期", cn.day_text(case.discussed_on)),
        ("参加人员", case.present), ("承办人", handlers(case)), ("违法事实", case.conduct),
        ("拟处罚", penalty_words(case)),
        ("讨论意见", case.outcome), ("参加人员签名", TO_SIGN), ("记录人", name(by)),
    ])  # fmt: skip


def called_to_hearing(case: Case, by: User | None, number: str, clause: str, staff: str) -> Paper:
    """行政处罚听证通知书 with its 送达回证: when, where, who chairs, and what the party may do."""
    hour = case.hearing_at.strftime("%H时%M分") if case.hearing_at else ""
    paper = letter(case, HEARING_TITLE, by, [
        f"根据你（单位）的要求，依据{clause}，本局决定于{cn.day_text(case.hearing_on)}{hour}，在{case.hearing_place}，"
        f"就你（单位）涉嫌“{case.conduct.rstrip('。')}”一案举行听证，请准时出席。"
        "除涉及国家秘密、商业秘密或者个人隐私依法予以保密的以外，听证公开举行。",
        f"听证主持人：{case.presided_by}。" + (f"听证员、记录员：{staff}。" if staff else "")
        + "你（单位）认为上述人员与本案有直接利害关系的，有权申请回避。",
        "你（单位）可以亲自参加听证，也可以委托一至二人代理；委托代理的，请提交写明委托事项和权限的授权委托书。"
        "参加人员请携带身份证件。",
        "无正当理由拒不出席听证或者未经许可中途退出听证的，视为放弃听证权利，本局依法终止听证。",
    ], number=number)  # fmt: skip
    receipt_of(case, HEARING_TITLE, number, by)
    return paper


def heard(case: Case, by: User | None) -> Paper:
    """听证报告."""
    return form(case, "听证报告", by, [
        ("案号", case.number), ("当事人", party(case)), ("听证日期", cn.day_text(case.heard_on)),
        ("听证主持人", case.presided_by), ("承办人", handlers(case)), ("拟处罚", penalty_words(case)),
        ("听证意见", case.hearing), ("主持人签名", TO_SIGN),
    ])  # fmt: skip


def posted(case: Case, title: str, by: User | None) -> Paper:
    """送达公告: for a wall and a web page, with the place's own name and no number of a person."""
    file = case.file
    with override("zh-hans"):
        facts = {**head(case, "送达公告", case.number), "paragraphs": [
            f"{file.name or file.called}（经营者：{cn.mask_name(file.operator.name)}）：",
            f"本局办理的{case.number}一案，因用其他方式无法送达，现依法向你（单位）公告送达《{title}》。",
            "自本公告发出之日起满三十日，即视为送达。请到本局领取。",
        ]}  # fmt: skip
        return issue_paper(case, "notice", "送达公告", facts, by, case.number)
