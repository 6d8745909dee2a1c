"""The flow table of a case (案件). That of compulsory measures stands in `measure_rules`, the rows
about a hearing in `hearing_rules`.

One officer handles a case with a second beside him; filing and decision are approved by somebody else, the legal
review is a third person's (行政处罚法 art. 58). Every clock is a term by the dated rule of the day of receipt;
testing, hearing, suspension and public notice stop the clock and say so. Who may do what at all is data
(duties.csv): a town or a village does not punish, so no move of a case is theirs.
"""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import STAYS, Flow, Guard, Move, State, Term
from sanxiao.enforcement.hearing_rules import HANDLERS, HEARING

ORIGINS = [
    ("visit", _("监督检查")),
    ("order", _("逾期未改正")),
    ("sample", _("抽检不合格")),
    ("tip", _("投诉举报")),
    ("purchase", _("进货核查")),
    ("referred", _("其他单位移送")),
    ("assigned", _("上级交办")),
    ("other", _("其他")),
]
REFUSALS = [
    ("slight", _("违法行为轻微并及时改正，没有造成危害后果")),
    ("first", _("初次违法且危害后果轻微并及时改正")),
    ("no_fault", _("当事人足以证明没有主观过错")),
    ("no_proof", _("没有证据证明存在违法行为")),
    ("limitation", _("已过追责期限")),
    ("jurisdiction", _("不属于本机关管辖")),
    ("other", _("其他依法可以不予立案的情形")),
]
PENALTIES = [
    ("warning", _("警告或通报批评")),
    ("fine", _("罚款")),
    ("gains", _("没收违法所得")),
    ("goods", _("没收违法财物")),
    ("suspend", _("责令停产停业")),
    ("revoke", _("吊销登记证、卡")),
    ("ban", _("限制从业")),
]
DEGREES = [
    ("none", _("不予处罚")),
    ("mitigated", _("减轻")),
    ("lenient", _("从轻")),
    ("normal", _("一般")),
    ("severe", _("从重")),
]
SERVICES = [
    ("direct", _("直接送达")),
    ("left", _("留置送达（拒收）")),
    ("mail", _("邮寄送达")),
    ("public", _("公告送达")),
]
ENDINGS = [
    ("paid", _("罚没款已缴清，其他处罚已执行")),
    ("court", _("人民法院已执行")),
    ("dismissed", _("不予处罚或撤销案件")),
    ("party_gone", _("当事人死亡或终止，无法执行")),
]
ROLES = [
    ("party", _("当事人")),
    ("agent", _("委托代理人")),
    ("head", _("法定代表人、负责人")),
    ("witness", _("证人")),
    ("victim", _("受害人")),
    ("helper", _("共同违法人")),
]
SIGNED = [("signed", _("当事人签名")), ("refused", _("当事人拒绝签名")), ("absent", _("当事人不在场"))]
RECORDS = [
    ("questions", _("询问笔录")),
    ("papers", _("调取的票据、账册")),
    ("report", _("检验、检测、鉴定意见")),
    ("photos", _("照片、录像")),
    ("other", _("其他证据")),
]
PLAN = "《中华人民共和国行政处罚法》第六十六条，经批准的分期"
LIVE = ("filed", "reviewing", "reviewed", "noticed")  # filed and not yet decided

CASE = Flow(
    "enforcement.case",
    _("案件"),
    states=(
        State("clue", _("案源核查"), "blue"),
        State("filed", _("调查取证"), "amber"),
        State("reviewing", _("待法制审核"), "blue"),
        State("reviewed", _("待告知"), "blue"),
        State("noticed", _("已告知，待决定"), "amber"),
        State("decided", _("已决定，待送达"), "amber"),
        State("served", _("待执行"), "amber"),
        State("executed", _("已执行，待结案"), "green"),
        State("dismissed", _("不予处罚，待结案"), "grey", side=True),
        State("annulled", _("决定已撤销"), "red", side=True),
        State("closed", _("已结案"), "green", final=True),
        State("refused", _("不予立案"), "grey", final=True),
    ),
    moves=(
        Move(
            "register", _("登记案源"), ("",), "clue", "case.handle",
            asks=("origin", "received_on", "second", "conduct", "note"), attaches=("evidence",), tone="primary",
            starts=(Term("file", _("核查并决定是否立案"), 15, "wd", rule="CASE_FILE", extend=15),),
            guards=(Guard("none_alike", _("这一来源已经登记过案件。")),),
            help=_("先登记，再核查。立不立案，由另一位负责人审批。"),
        ),
        Move(
            "extend_check", _("延长核查"), ("clue",), STAYS, "case.approve", asks=("until", "reason"), extends="file",
            bars=HANDLERS, todo=False,
        ),
        Move(
            "file", _("批准立案"), ("clue",), "filed", "case.approve", asks=("note",), tone="primary",
            apart=("register",), bars=HANDLERS, stops=("file",),
            starts=(Term("decide", _("作出处理决定"), 90, "d", rule="CASE_DECIDE", extend=30),),
            guards=(Guard("some_proof", _("还没有任何证据：请承办人先附照片、笔录或检验报告。")),),
        ),
        Move(
            "refuse", _("不予立案"), ("clue",), "refused", "case.approve", asks=("refusal", "reason"), tone="danger",
            apart=("register",), bars=HANDLERS, stops=("file",), todo=False,
        ),
        Move(
            "record", _("记录调查"), ("clue", "filed"), STAYS, "case.handle",
            asks=("record_kind", "did_on", "reason"),
            attaches=("evidence",), todo=False,
            help=_("现场笔录、询问笔录、调取的票据等，写明经过并附原件照片。"),
        ),
        Move(
            "scene", _("现场笔录"), ("clue", "filed"), STAYS, "case.handle",
            asks=("did_on", "began", "ended", "scene_at", "credentials", "present", "reason", "signed"),
            attaches=("evidence",), todo=False,
            help=_("两名执法人员出示证件、告知权利；拒绝签名或者不在场的，写明见证人。提交后可打印签字。"),
        ),
        Move(
            "party", _("登记当事人以外的人"), ("clue", "filed", "reviewing", "reviewed", "noticed", "decided", "served"),
            STAYS, "case.handle", asks=("role", "who", "note"), attaches=("document",),
            todo=False, help=_("委托代理人、负责人、证人、受害人、共同违法人；证件号码和电话密封保存。"),
        ),
        Move(
            "test", _("送检（停止计算）"), ("clue", "filed"), STAYS, "case.handle", asks=("reason",),
            pauses=("file", "decide"), todo=False, guards=(Guard("clock_runs", _("期限已经停止计算。")),),
            help=_("检验、检测、鉴定的时间不计入办案期限；请把期间书面告知当事人。"),
        ),
        Move(
            "tested", _("收到检验结论"), ("clue", "filed"), STAYS, "case.handle", asks=("note",),
            attaches=("evidence",),
            resumes=("file", "decide"), guards=(Guard("clock_stands", _("期限没有停止计算。")),), todo=False,
        ),
        Move(
            "suspend", _("中止调查"), ("filed",), STAYS, "case.approve", asks=("reason",), pauses=("decide",),
            bars=HANDLERS, todo=False, guards=(Guard("clock_runs", _("期限已经停止计算。")),),
        ),
        Move(
            "resume", _("恢复调查"), ("filed",), STAYS, "case.approve", asks=("note",), resumes=("decide",),
            bars=HANDLERS, todo=False, guards=(Guard("clock_stands", _("期限没有停止计算。")),),
        ),
        Move(
            "extend", _("延长办案期限"), LIVE, STAYS, "case.approve", asks=("until", "reason"), extends="decide",
            bars=HANDLERS, todo=False,
        ),
        Move(
            "prolong", _("集体讨论再延期"), LIVE, STAYS, "case.approve",
            asks=("on", "note", "until", "reason"), attaches=("minutes",), bars=HANDLERS, todo=False,
            guards=(Guard("extended_before", _("先按规定延长一次；仍不能办结的，才由负责人集体讨论继续延期。")),),
            help=_("案情特别复杂，延长一次后仍不能作出处理决定的，由负责人集体讨论决定继续延期，写明延到哪天。"),
        ),
        Move(
            "finish", _("调查终结"), ("filed",), "reviewing", "case.handle",
            asks=("conduct", "clauses", "value", "gains", "degree", "degree_reasons", "penalties", "fine", "opinion"),
            tone="primary", starts=(Term("review", _("法制审核"), 10, "wd", rule="CASE_REVIEW"),),
            guards=(Guard("clock_runs", _("期限还在停止计算，请先登记检验结论或恢复调查。")),),
            help=_("写清违法事实、证据、依据、裁量理由和处理建议，报请法制审核。"),
        ),
        Move(
            "pass", _("审核同意"), ("reviewing",), "reviewed", "case.review", asks=("note",), tone="primary",
            apart=("register", "finish", "file"), bars=HANDLERS, stops=("review",),
        ),
        Move(
            "return", _("退回补充"), ("reviewing",), "filed", "case.review", asks=("reason",),
            apart=("register", "finish"),
            bars=HANDLERS, stops=("review",),
        ),
        Move(
            "discuss", _("集体讨论"), ("reviewed", "noticed"), STAYS, "case.approve",
            asks=("discussed_on", "present", "outcome"), attaches=("minutes",),
            guards=(Guard("is_grave", _("不属于情节复杂或者重大处罚，不需要集体讨论。")),),
            help=_("情节复杂或者重大违法行为给予行政处罚，由负责人集体讨论决定。"),
        ),
        Move(
            "notice", _("送达处罚告知书"), ("reviewed",), "noticed", "case.handle", asks=("noticed_on", "service"),
            attaches=("told",), tone="primary",
            starts=(Term("defend", _("陈述、申辩、要求听证"), 5, "wd", rule="CASE_DEFEND", lapse="silent"),),
            guards=(
                Guard("punishes", _("调查意见是不予处罚，请办“不予处罚”。")),
                Guard("not_by_posting", _("公告送达另有三十日公告期，请办“公告送达”。")),
                Guard("told_on_paper", _("请拍下签收的送达回证；拒收的选“留置送达”。")),
            ),
        ),
        Move(
            "post_notice", _("公告送达告知书"), ("reviewed",), "noticed", "case.handle", asks=("noticed_on", "reason"),
            attaches=("told",), pauses=("decide",), todo=False,
            starts=(Term("posted", _("告知书公告期"), 30, "d", rule="CASE_SERVE_NOTICE", lapse="posted"),),
            guards=(Guard("punishes", _("调查意见是不予处罚，请办“不予处罚”。")),),
            help=_("当事人下落不明或者用其他方式无法送达的；写明用过哪些方式。公告期不计入办案期限，期满才开始陈述申辩的期限。"),
        ),
        Move(
            "posted", _("公告期满，告知书视为送达"), ("noticed",), STAYS, None, stops=("posted",), resumes=("decide",),
            starts=(Term("defend", _("陈述、申辩、要求听证"), 5, "wd", rule="CASE_DEFEND", lapse="silent"),),
        ),
        Move(
            "appeared", _("当事人到场，改为直接送达"), ("noticed",), STAYS, "case.handle", asks=("noticed_on",),
            attaches=("told",), stops=("posted",), resumes=("decide",), todo=False,
            starts=(Term("defend", _("陈述、申辩、要求听证"), 5, "wd", rule="CASE_DEFEND", lapse="silent"),),
            guards=(Guard("is_posted", _("没有正在公告的告知书。")),),
        ),
        Move("silent", _("未提出陈述申辩"), ("noticed",), STAYS, None, stops=("defend",)),
        Move(
            "defend", _("登记陈述申辩"), ("noticed",), STAYS, "case.handle", asks=("defence",),
            attaches=("evidence",),
            stops=("defend",), todo=False, guards=(Guard("in_time", _("陈述申辩的期限已经过了。")),),
        ),
        Move(
            "waive", _("当事人放弃陈述申辩"), ("noticed",), STAYS, "case.handle", asks=("note",),
            attaches=("receipt",),
            stops=("defend",), todo=False, guards=(Guard("in_time", _("陈述申辩的期限已经过了。")),),
        ),
        *HEARING,
        Move(
            "decide", _("作出处罚决定"), ("noticed",), "decided", "case.approve",
            asks=("penalties", "fine", "decision"),
            tone="primary", apart=("register", "finish"), bars=HANDLERS, stops=("decide", "defend"),
            starts=(
                Term("serve", _("送达决定书"), 7, "wd", rule="CASE_SERVE"),
                Term("publish", _("公示处罚决定"), 20, "wd", rule="CASE_PUBLISH", when="is_published"),
            ),
            guards=(
                Guard("police_asked", _("涉嫌犯罪（非法添加），须先报请移送公安，不能以罚代刑。")),
                Guard("not_at_police", _("已移送公安，不能以罚代刑；请等公安的决定。")),
                Guard("heard_out", _("陈述申辩的期限还没有过，当事人也没有表示放弃。")),
                Guard("hearing_done", _("当事人要求听证，还没有听。")),
                Guard("discussed", _("重大处罚须先集体讨论。")),
                Guard("not_heavier", _("不得因当事人申辩而加重处罚：请核对罚款数额和处罚种类。")),
            ),
        ),
        Move(
            "dismiss", _("不予处罚"), ("reviewed", "noticed"), "dismissed", "case.approve", asks=("reason",),
            apart=("register", "finish"), bars=HANDLERS, stops=("decide", "defend", "posted"), todo=False,
            starts=(Term("close", _("结案"), 15, "wd", rule="CASE_CLOSE"),),
        ),
        Move(
            "summary", _("当场处罚"), ("",), "served", "case.handle",
            asks=("origin", "received_on", "second", "conduct", "clauses", "penalties", "fine", "service"),
            attaches=("evidence", "receipt"),
            starts=(
                Term("report", _("当场处罚备案"), 7, "wd", rule="CASE_SUMMARY_FILE"),
                Term("pay", _("缴纳罚款"), 15, "d", rule="CASE_PAY", lapse="unpaid", when="has_fine"),
            ),
            guards=(Guard("within_summary", _("超过当场处罚的限额，须按一般程序立案。")),),
        ),
        Move("reported", _("当场处罚已备案"), ("served", "executed"), STAYS, "case.approve", asks=("note",),
             stops=("report",),
             bars=HANDLERS, guards=(Guard("to_report", _("没有等待备案的当场处罚。")),)),
        Move(
            "serve", _("送达决定书"), ("decided",), "served", "case.handle",
            asks=("served_on", "service", "received_by"),
            attaches=("receipt",), tone="primary", stops=("serve", "deemed"),
            starts=(Term("pay", _("缴纳罚款"), 15, "d", rule="CASE_PAY", lapse="unpaid", when="has_fine"),),
            guards=(
                Guard("not_by_posting", _("公告送达另有三十日公告期，请办“公告送达”。")),
                Guard("served_on_paper", _("请拍下签收的送达回证；拒收的选“留置送达”。")),
            ),
        ),
        Move(
            "post_decision", _("公告送达决定书"), ("decided",), STAYS, "case.handle", asks=("reason",),
            attaches=("document",), stops=("serve",), todo=False,
            starts=(Term("deemed", _("决定书公告期"), 30, "d", rule="CASE_SERVE_NOTICE", lapse="deemed"),),
            guards=(Guard("not_posted", _("决定书已经在公告。")),),
            help=_("当事人下落不明或者用其他方式无法送达的；写明用过哪些方式。公告满三十日视为送达，缴款期限从那天起算。"),
        ),
        Move(
            "deemed", _("公告期满，决定书视为送达"), ("decided",), "served", None, stops=("deemed",),
            starts=(Term("pay", _("缴纳罚款"), 15, "d", rule="CASE_PAY", lapse="unpaid", when="has_fine"),),
        ),
        Move(
            "unpaid", _("逾期未缴"), ("served",), STAYS, None, stops=("pay",),
            starts=(Term("pay", _("缴纳下一期"), "next_rate_on", "d", law=PLAN, lapse="unpaid", when="rate_runs"),),
        ),
        Move(
            "instalments", _("批准分期或延期"), ("served",), STAYS, "case.approve", asks=("rates", "reason"),
            bars=HANDLERS, todo=False, attaches=("request",), stops=("pay",),
            starts=(Term("pay", _("缴纳本期"), "next_rate_on", "d", law=PLAN, lapse="unpaid", when="rate_runs"),),
            guards=(
                Guard("something_due", _("没有等待缴纳的罚没款。")),
                Guard("not_at_court", _("已经申请法院强制执行。")),
            ),
            help=_("当事人书面申请分期或者延期的；每期的日期、金额写清楚，合计等于未缴数额。"),
        ),
        Move(
            "pay", _("登记缴款"), ("served",), STAYS, "case.handle", asks=("amount", "paid_on", "slip"),
            attaches=("slip",),
            starts=(Term("pay", _("缴纳下一期"), "next_rate_on", "d", law=PLAN, lapse="unpaid", when="rate_moves"),),
            guards=(Guard("something_owed", _("没有等待缴纳的罚没款。")),),
        ),
        Move(
            "waive_late", _("减免加处罚款"), ("served",), STAYS, "case.approve", asks=("reason",), bars=HANDLERS,
            attaches=("document",), todo=False, guards=(Guard("has_surcharge", _("没有加处罚款。")),),
            help=_("当事人采取补救措施的，可以减免加处的罚款（行政强制法第四十二条）；本金不能减免。"),
        ),
        Move(
            "urge", _("催告"), ("served",), STAYS, "case.handle", asks=("urged_on",), attaches=("receipt",),
            todo=False,
            guards=(
                Guard("is_unpaid", _("缴款期限还没有过，或者已经缴清。")),
                Guard("not_at_court", _("已经申请法院强制执行。")),
            ),
            starts=(Term("court", _("催告后等待履行"), 10, "wd", lapse="may_court",
            law="《中华人民共和国行政强制法》第五十四条"),),
        ),
        Move(
            "may_court", _("催告期满，可以申请法院执行"), ("served",), STAYS, None, stops=("court",),
            starts=(Term("apply", _("申请法院强制执行"), 3, "month", law="《中华人民共和国行政强制法》第五十三条"),),
        ),
        Move(
            "to_court", _("申请法院强制执行"), ("served",), STAYS, "case.approve", asks=("note",),
            stops=("court", "apply"), todo=False,
            bars=HANDLERS, guards=(
                Guard("not_at_court", _("已经申请法院强制执行。")),
                Guard("urged_in_vain", _("须先催告，满十个工作日仍未履行，才能申请。")),
            ),
        ),
        Move(
            "execute", _("执行完毕"), ("served",), "executed", "case.handle", asks=("note",), tone="primary",
            stops=("pay", "court", "apply"),
            starts=(Term("close", _("结案"), 15, "wd", rule="CASE_CLOSE"),),
            guards=(
                Guard("nothing_due", _("罚没款或者加处罚款还没有缴清，法院也还没有受理执行。")),
                Guard("goods_settled", _("查封、扣押、登记保存的财物还没有处理完。")),
            ),
        ),
        Move(
            "publish", _("公示处罚决定"), ("served", "executed"), STAYS, "case.publish",
            asks=("published_on", "note"),
            stops=("publish",),
            guards=(Guard("to_publish", _("不需要公示，或者已经公示。")),),
        ),
        Move(
            "unpublish", _("撤下公示"), ("served", "executed", "closed"), STAYS, "case.publish", asks=("reason",),
            todo=False,
            guards=(Guard("is_public", _("没有正在公示的决定。")),),
        ),
        Move(
            "annul", _("撤销处罚决定"), ("decided", "served", "executed", "closed"), "annulled", "case.approve",
            asks=("reason",), attaches=("document",), bars=HANDLERS, tone="danger", todo=False,
            stops=("serve", "deemed", "publish", "pay", "court", "apply", "close", "report"),
            starts=(Term("take_down", _("从各公示平台撤下"), 3, "wd", rule="CASE_TAKE_DOWN", when="was_public"),),
            help=_("复议、诉讼撤销或者确认违法，或者本机关自行纠正的。本站的公示当场撤下；其他平台须在三个工作日内撤下。"),
        ),
        Move(
            "withdrawn", _("各平台已撤下"), ("annulled",), STAYS, "case.publish", asks=("note",), stops=("take_down",),
            guards=(Guard("to_take_down", _("没有等待撤下的公示。")),),
        ),
        Move(
            "close", _("批准结案"), ("executed", "dismissed", "annulled"), "closed", "case.approve", asks=("ending", "note"),
            tone="primary",
            apart=("register",), bars=HANDLERS, stops=("close",),
            guards=(
                Guard("taken_down", _("其他平台的公示还没有撤下。")),
                Guard("goods_settled", _("查封、扣押、登记保存的财物还没有处理完。")),
                Guard("is_publicised", _("处罚决定还没有公示。")),
            ),
        ),
        Move(
            "reopen", _("重新办理"), ("closed", "annulled"), "filed", "case.approve", asks=("reason",), bars=HANDLERS,
            todo=False,
            guards=(Guard("is_down", _("原决定还在公示，请先撤下。")),),
            starts=(Term("decide", _("作出处理决定"), 90, "d", rule="CASE_DECIDE", extend=30),),
        ),
        Move("to_police", _("移送公安，停止计算"), LIVE, STAYS, None,
             pauses=("decide", "review", "defend", "posted")),
        Move("from_police", _("公安退回，继续计算"), LIVE, STAYS, None,
             resumes=("decide", "review", "defend", "posted")),
    ),
)  # fmt: skip
