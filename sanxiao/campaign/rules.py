"""The flow tables of the campaign: targets, tasks, meetings with the units that are invited to them."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import STAYS, Flow, Guard, Move, State, Term

LEVELS = [("own", _("本单位会议")), ("town", _("全镇会议"))]
MEETINGS = [("mobilise", _("动员部署会")), ("joint", _("联席会议")), ("other", _("专题会议"))]
MOBILISE, JOINT = "mobilise", "joint"
PLAN = "《金坛区金城镇食品小作坊小摊贩和小餐饮专项整治工作方案》"

TARGET = Flow(
    "campaign.target",
    _("阶段目标"),
    states=(State("set", _("已下达"), "blue", final=True), State("dropped", _("已取消"), "grey", final=True)),
    moves=(
        Move(
            "set", _("下达目标"), ("",), "set", "target.set",
            asks=("phase", "rule", "units", "number", "wanted_on", "note"), tone="primary",
            help=_("一项指标、一个数、一个日期，可以同时下达给多个单位；完成数由工作记录统计，不用填报。"),
        ),
        Move("change", _("调整目标"), ("set",), STAYS, "target.set", asks=("number", "wanted_on", "reason"),
             todo=False),
        Move("drop", _("取消目标"), ("set",), "dropped", "target.set", asks=("reason",), tone="danger", todo=False),
    ),
)  # fmt: skip

TASK = Flow(
    "campaign.task",
    _("交办任务"),
    states=(
        State("assigned", _("待签收"), "amber"),
        State("declined", _("不属本单位，待改派"), "red", side=True),
        State("received", _("办理中"), "blue"),
        State("reported", _("已反馈，待审核"), "blue"),
        State("returned", _("退回重办"), "red", side=True),
        State("done", _("已办结"), "green", final=True),
        State("withdrawn", _("已撤销"), "grey", final=True, side=True),
    ),
    moves=(
        Move(
            "assign", _("下达任务"), ("",), "assigned", "task.assign",
            asks=("heading", "demand", "units", "wanted_on", "urgent", "clause"), tone="primary",
            starts=(
                Term("receive", _("签收"), 2, "wd", rule="TASK_RECEIVE"),
                Term("finish", _("办结反馈"), "wanted_on", "d", law=_("交办单")),
            ),
            help=_("可以同时交办给多个单位，每个单位各办各的、各自反馈。"),
        ),
        Move("adopt", _("列为本单位任务"), ("",), "received", None,
             starts=(Term("finish", _("办结反馈"), "wanted_on", "d", law=_("交办单")),)),
        Move("receive", _("签收"), ("assigned",), "received", "task.take", own="unit", stops=("receive",),
             tone="primary"),
        Move("decline", _("不属本单位，退回"), ("assigned",), "declined", "task.take", own="unit",
             asks=("better", "reason"), stops=("receive",), pauses=("finish",), todo=False,
             help=_("写明不属于本单位职责的依据，和应当由哪个单位办理。")),
        Move("reassign", _("改派"), ("declined",), "assigned", "task.assign", own="giver",
             asks=("unit", "wanted_on"), tone="primary",
             starts=(
                 Term("receive", _("签收"), 2, "wd", rule="TASK_RECEIVE"),
                 Term("finish", _("办结反馈"), "wanted_on", "d", law=_("交办单")),
             )),
        Move("progress", _("报进展"), ("received", "returned"), STAYS, "task.take", own="unit", asks=("note",),
             attaches=("photo",), todo=False),
        Move("report", _("反馈结果"), ("received", "returned"), "reported", "task.take", own="unit",
             asks=("report", "links"), attaches=("photo", "document"), tone="primary", stops=("finish",),
             starts=(Term("judge", _("审核反馈"), 3, "wd", rule="TASK_JUDGE"),),
             help=_("写清做了什么、结果怎样；有记录的附上记录，系统里的数字会自动带出。")),
        Move("accept", _("审核通过、办结"), ("reported",), "done", "task.assign", own="giver", asks=("note",),
             apart=("report",), tone="primary", stops=("judge",)),
        Move("return", _("退回重办"), ("reported",), "returned", "task.assign", own="giver",
             asks=("reason", "wanted_on"), apart=("report",), stops=("judge",),
             starts=(Term("finish", _("重新反馈"), "wanted_on", "d", law=_("交办单")),)),
        Move("extend", _("延期"), ("assigned", "received", "returned"), STAYS, "task.assign", own="giver",
             asks=("wanted_on", "reason"), todo=False,
             starts=(Term("finish", _("办结反馈"), "wanted_on", "d", law=_("交办单")),)),
        Move("withdraw", _("撤销任务"), ("assigned", "declined", "received", "reported", "returned"), "withdrawn",
             "task.assign", own="giver", asks=("reason",), tone="danger", todo=False),
    ),
)  # fmt: skip

MEETING = Flow(
    "campaign.meeting",
    _("会议"),
    states=(
        State("planned", _("拟召开"), "amber"),
        State("notified", _("已通知"), "blue"),
        State("held", _("已召开，待出纪要"), "amber"),
        State("minuted", _("纪要已出"), "green", final=True),
        State("cancelled", _("已取消"), "grey", final=True, side=True),
    ),
    moves=(
        Move(
            "plan", _("安排会议"), ("",), "planned", "meeting.{level}", own="host",
            asks=("kind", "topic", "held_on", "starts_at", "place", "chair", "agenda", "invited"), tone="primary",
        ),
        Move("invite", _("增加参会单位"), ("planned", "notified"), STAYS, "meeting.{level}", own="host",
             asks=("invited",), todo=False),
        Move("notify", _("发出通知"), ("planned",), "notified", "meeting.{level}", own="host", tone="primary",
             guards=(
                 Guard("has_invited", _("还没有参会单位，请先增加。")),
                 Guard("still_ahead", _("会议日期已过，请改期，或直接登记召开。")),
             ),
             help=_("通知自动成文，列明时间、地点、议程和上次会议没有办完的议定事项；参会单位在工作台上看到。")),
        Move("move", _("改期、改地点"), ("planned", "notified"), STAYS, "meeting.{level}", own="host",
             asks=("held_on", "starts_at", "place", "reason"), todo=False,
             help=_("已发通知的，会再出一份变更通知。")),
        Move("hold", _("登记召开"), ("planned", "notified"), "held", "meeting.{level}", own="host",
             asks=("came", "attended"), attaches=("signin", "photo"), tone="primary",
             guards=(Guard("day_has_come", _("还没有到开会那一天。")),),
             help=_("扫码签到的已经在内；没有扫码的在这里勾上，再附签到表或现场照片。")),
        Move("minute", _("出会议纪要"), ("held",), "minuted", "meeting.{level}", own="host",
             asks=("minutes", "decided"), attaches=("document", "photo"), tone="primary",
             guards=(Guard("shown", _("请先附签到表或现场照片。")),),
             help=_("议定事项写明承办单位和期限的，随纪要一并交办，下次会议自动列出办得怎样。")),
        Move("add", _("补附照片"), ("held", "minuted"), STAYS, "meeting.{level}", own="host", asks=("note",),
             attaches=("signin", "photo"), todo=False),
        Move("cancel", _("取消会议"), ("planned", "notified"), "cancelled", "meeting.{level}", own="host",
             asks=("reason",), tone="danger", todo=False),
    ),
)  # fmt: skip

INVITE = Flow(
    "campaign.invite",
    _("参会"),
    part=True,
    states=(
        State("invited", _("未签到"), "grey"),
        State("excused", _("请假"), "amber", final=True),
        State("came", _("已签到"), "green", final=True),
        State("absent", _("缺席"), "red", final=True),
        State("spared", _("会议取消"), "grey", final=True),
    ),
    moves=(
        Move("invite", _("通知参会"), ("",), "invited", None),
        Move("sign_in", _("签到"), ("invited",), "came", "meeting.sign", own="office", tone="primary",
             guards=(Guard("on_the_day", _("只能在会议当天签到。")),)),
        Move("join", _("再签一人"), ("came", "excused"), "came", "meeting.sign", own="office", todo=False,
             guards=(Guard("on_the_day", _("只能在会议当天签到。")),)),
        Move("excuse", _("事先请假"), ("invited",), "excused", "meeting.sign", own="office", asks=("reason",), todo=False),
        # When the clerk closes the roll: who is ticked was there, who neither signed nor excused himself was not.
        Move("come", _("补签"), ("invited", "excused"), "came", None),
        Move("miss", _("缺席"), ("invited",), "absent", None),
        Move("spare", _("会议取消"), ("invited",), "spared", None),
    ),
)  # fmt: skip

LEVELS_OF_HARM = [("general", _("一般")), ("large", _("较大")), ("major", _("重大")), ("extreme", _("特别重大"))]
MAJOR = ("major", "extreme")
ORIGINS = [("small", _("源头在本镇三小")), ("other", _("源头不在三小")), ("unknown", _("源头没有查清"))]

# No work record says that there was an accident, and the plan's aim is that there is none: it is entered by hand.
ACCIDENT = Flow(
    "campaign.accident",
    _("食品安全事故"),
    states=(
        State("entered", _("调查中"), "red"),
        State("settled", _("已查清"), "green", final=True),
        State("void", _("已作废"), "grey", final=True, side=True),
    ),
    moves=(
        Move("enter", _("登记事故"), ("",), "entered", "accident.enter",
             asks=("happened_on", "ground", "level", "people", "what"), tone="primary",
             help=_("只登记按规定认定的食品安全事故；没有发生的不用登记，统计为零。")),
        Move("settle", _("登记调查结论"), ("entered",), "settled", "accident.enter", asks=("origin", "finding"),
             attaches=("document",), tone="primary"),
        Move("void", _("作废"), ("entered",), "void", "accident.enter", asks=("reason",), tone="danger", todo=False),
    ),
)  # fmt: skip
