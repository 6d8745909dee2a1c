"""The papers of a closing-down."""

from django.utils.translation import override

from sanxiao.enforcement.closing_rules import GROUNDS, WAYS
from sanxiao.enforcement.documents.frame import REMEDY, head_of, label
from sanxiao.enforcement.documents.handed import sent_to
from sanxiao.enforcement.models import Closure
from sanxiao.office.models import User
from sanxiao.papers import cn
from sanxiao.papers.models import Paper, issue_paper


def closing_announced(closure: Closure, by: User | None, reason: str) -> Paper:
    """关停取缔告知书."""
    return _to_place(closure, "关停取缔告知书", by, [
        f"你（单位）{label(GROUNDS, closure.ground)}：{reason}",
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
        facts = {**head_of(closure.area, closure.rule_on, "联合执法执行方案", closure.number), "paragraphs": words}
        return issue_paper(closure, "notice", "联合执法执行方案", facts, by, closure.number)


def closed_down(closure: Closure, by: User | None) -> Paper:
    """关停取缔现场记录."""
    return _to_place(closure, "关停取缔现场记录", by, [
        f"执行日期：{cn.day_text(closure.acted_on)}", f"结果：{label(WAYS, closure.way)}",
        f"参加单位和人员：{closure.team}", f"现场财物：{closure.goods or '无'}",
        f"阻碍执法：{'有' if closure.resisted else '无'}",
    ])  # fmt: skip


def _to_place(closure: Closure, title: str, by: User | None, words: list[str]) -> Paper:
    file = closure.file
    party = f"{file.name or file.called}（经营者：{file.operator.name}）"
    return sent_to(closure, closure, title, party, words, by)
