"""The papers of sampling, written in Chinese whatever the screen's language: result, stop of sale, refusal, re-test.

Personal numbers are masked. The sampling form itself (抽样单) is made from what was filled in, see `sheet.py`.
"""

from typing import Any

from django.conf import settings
from django.utils.translation import override

from sanxiao.docket import terms
from sanxiao.docket.models import Rule
from sanxiao.inspection.notice import addressee
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.papers import cn
from sanxiao.papers.models import Paper, issue_paper
from sanxiao.sampling import say
from sanxiao.sampling.beside_models import Retest
from sanxiao.sampling.models import Sample
from sanxiao.sampling.rules import RETEST_ASK

TITLES = {
    "result_title": "食品安全抽样检验结果通知书", "stop_title": "责令停止生产经营通知书",
    "refuse_title": "不予复检通知书", "tell_title": "复检结论告知书",
}  # fmt: skip


def result(sample: Sample, by: User | None) -> Paper:
    """检验结果通知书: what failed, against which limit, and until when a re-test or an objection may be asked for."""
    with override("zh-hans"):
        length, _unit, law, _most = terms.length_of(sample, RETEST_ASK)
        lab = say.lab_of_paper(sample.lab, sample.area)
        run = [
            f"{lead_words(sample)}，经{lab}检验（检验报告编号：{sample.report_no}），检验结论为不合格。",
            *[f"{n}. {row_words(row)}" for n, row in enumerate(sample.failures, 1)],
            f"你（单位）对检验结果有异议的，可以自收到本通知之日起{length}个工作日内申请复检或者提出异议（{law}）。"
            "微生物指标不合格、备份样品超过保质期、逾期提出以及备份样品无法实现复检目的的，不予复检。",
            "复检和异议期间，不停止履行停止生产经营、封存和召回不合格食品的义务。",
        ]
        return _issue(sample, "result_title", run, by, sample.number)


def stop_sale(sample: Sample, by: User | None) -> Paper:
    """责令停止生产经营通知书: the lot, what failed, and what must be done at once."""
    with override("zh-hans"):
        items = "、".join(row.item for row in sample.failures)
        run = [
            f"{lead_words(sample)}，经检验，{items}不合格。",
            "依据《中华人民共和国食品安全法》第六十三条的规定，责令你（单位）自收到本通知之时起：",
            f"一、立即停止生产经营下列食品：{sample.stop_scope}；",
            "二、封存尚未售出的食品，通知相关生产经营者和消费者，召回已经售出的食品，并记录召回和通知情况；",
            "三、将召回和处理情况报告本局。",
        ]  # fmt: skip
        return _issue(sample, "stop_title", run, by, sample.stop_number)


def refusal(retest: Retest, by: User | None) -> Paper:
    """不予复检通知书: which ground, in which words."""
    sample = retest.sample
    with override("zh-hans"):
        run = [
            f"你（单位）于{cn.day_text(retest.asked_on)}就{lead_words(sample)}的检验结果提出复检申请。",
            f"经审查，{retest.get_ground_display()}：{retest.refusal}。依照《食品安全抽样检验管理办法》的规定，不予复检。",
        ]
        return _issue(sample, "refuse_title", run, by, "", about=retest)


def telling(retest: Retest, by: User | None) -> Paper:
    """复检结论告知书: the result, which is final, and who bears the fee."""
    sample = retest.sample
    fee = (
        "复检结论与初检结论不一致，复检费用由本局承担。" if retest.verdict == "pass"
        else "复检结论与初检结论一致，复检费用由申请人承担。"
    )  # fmt: skip
    with override("zh-hans"):
        lab = say.lab_of_paper(retest.lab, retest.area)
        run = [
            f"就{lead_words(sample)}，{lab}于{cn.day_text(retest.concluded_on)}作出复检结论："
            f"{retest.get_verdict_display()}。{retest.finding}",
            f"复检结论为最终检验结论。{fee}",
        ]
        return _issue(sample, "tell_title", run, by, "", about=retest)


def _issue(sample: Sample, kind: str, run: list[str], by: User | None, number: str, *, about: Any = None) -> Paper:
    said = Rule.objects.value("document.sampling", sample.area, sample.rule_on, {})
    title = said.get(kind) or TITLES[kind]
    facts = {
        "title": title, "org": said.get("issuer") or (sample.plan.organiser if sample.plan else ""), "number": number,
        "addressee": addressee(sample.file.name, sample.file.operator), "paragraphs": run, "receipt": True,
        "contact": by.name if by else None, "phone": by.phone if by else None, "practice": not settings.REAL,
    }  # fmt: skip
    return issue_paper(about or sample, "notice", title, {**facts, "date": str(today())}, by, number)


def lead_words(sample: Sample) -> str:
    """'本局于2018年6月5日在你（单位）抽取的豆腐（抽样单编号…，生产日期…，批号…）'."""
    told = sample.answers
    parts = [f"抽样单编号：{sample.number}"]
    for name, label in (("brand", "商标"), ("spec", "规格"), ("made_on", "生产日期"), ("lot", "批号")):
        if told.get(name):
            parts.append(f"{label}：{told[name]}")
    return f"本局于{cn.day_text(sample.taken_on)}在你（单位）抽取的{sample.food_name}（{'，'.join(parts)}）"


def row_words(row: Any) -> str:
    """'苯甲酸：实测值 1.2 g/kg，限量 不超过 1.0；判定依据 GB 2760；超限量'."""
    limit = row.limit_words
    basis = f"，判定依据 {row.basis}" if row.basis else ""
    return f"{row.item}：实测值 {row.result} {row.unit}，标准要求 {limit}{basis}；{row.get_breach_display()}。"
