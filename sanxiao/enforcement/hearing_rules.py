"""The rows of a case's table that are about a hearing (听证): asked for, called, told to the party, held or dropped.

A hearing is called by somebody who does not handle the case, who names the chair; the party has the notice at least
seven days before (行政处罚法 art. 64), else another day is set. While it is awaited the case's own clock stands.
"""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.tables import STAYS, Guard, Move, Term

HANDLERS = ("officer", "second")
ASKED = Guard("hearing_asked", _("当事人没有要求听证，或者已经听过。"))

HEARING = (
    Move(
        "ask_hearing", _("当事人要求听证"), ("noticed",), STAYS, "case.handle", asks=("note",), attaches=("request",),
        pauses=("decide",),
        stops=("defend",), todo=False,
        starts=(Term("call_hearing", _("确定听证的时间、地点"), 5, "wd", rule="CASE_HEARING_CALL"),),
        guards=(
            Guard("in_time", _("陈述申辩的期限已经过了。")),
            Guard("may_be_heard", _("不属于可以要求听证的处罚。")),
            Guard("not_asked", _("当事人已经要求听证。")),
        ),
    ),
    Move(
        "call_hearing", _("确定听证并印发通知书"), ("noticed",), STAYS, "case.review",
        asks=("hearing_on", "hearing_at", "hearing_place", "presided_by"), bars=HANDLERS, todo=False,
        stops=("call_hearing",),
        starts=(
            Term("tell_hearing", _("送达听证通知书"), "hearing_tell_by", "d", rule="CASE_HEARING_TELL"),
            Term("hearing", _("举行听证"), "hearing_on", "d", law="听证通知书"),
        ),
        guards=(ASKED,),
        help=_("通知书须按规定提前送达当事人；来不及送达的，重办这一步改定日期。主持人不能是承办人。"),
    ),
    Move(
        "tell_hearing", _("送达听证通知书"), ("noticed",), STAYS, "case.handle", asks=("hearing_told_on", "service"),
        attaches=("called",), stops=("tell_hearing",), todo=False,
        guards=(
            ASKED,
            Guard("hearing_called", _("还没有确定听证的时间、地点和主持人。")),
            Guard("hearing_untold", _("听证通知书已经送达。")),
            Guard("not_by_posting", _("公告送达另有三十日公告期，听证通知书请用其他方式送达。")),
            Guard("called_on_paper", _("请拍下签收的送达回证；拒收的选“留置送达”。")),
        ),
    ),
    Move(
        "hear", _("登记听证"), ("noticed",), STAYS, "case.review", asks=("heard_on", "presided_by", "hearing"),
        attaches=("minutes",), resumes=("decide",), stops=("hearing",), bars=HANDLERS, todo=False,
        guards=(
            ASKED,
            Guard("hearing_called", _("还没有确定听证的时间、地点和主持人。")),
            Guard("hearing_told", _("听证通知书还没有送达当事人。")),
        ),
    ),
    Move(
        "drop_hearing", _("当事人放弃听证"), ("noticed",), STAYS, "case.review", asks=("reason",),
        attaches=("document",), resumes=("decide",), stops=("call_hearing", "tell_hearing", "hearing"),
        bars=HANDLERS, todo=False,
        guards=(ASKED,),
        help=_("当事人撤回听证要求，或者无正当理由不出席、未经许可中途退出的；写明情况，办案期限继续计算。"),
    ),
)  # fmt: skip
