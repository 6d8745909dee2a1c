"""The flow tables of a zone, of its approval steps with their opinions and conditions, its entrants, and its scoring.

A step that several offices have a say in stands in 征求意见 until all have answered or their days are over, and its own
term rests meanwhile. The zone follows its steps: it is approved, built and opened as they are.
"""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import STAYS, Flow, Guard, Move, State, Term

FORMS = [
    ("approval", _("审批")),
    ("acceptance", _("审批或自主验收")),
    ("self", _("自主验收并公开")),
    ("filing", _("登记备案")),
    ("report", _("完成后登记")),
    ("work", _("施工")),
]
TURN = Guard("turn", _("前面的手续还没有办完。"))
BY_THE_VILLAGE = ("self", "filing", "report")  # the one in charge does it and records it with its paper
UNIT_KINDS = [("stall", _("摊位")), ("room", _("操作间")), ("shop", _("门面")), ("store", _("库房"))]
FIGURES = [
    ("occupancy", _("入驻率")),
    ("certified", _("持证率")),
    ("health", _("健康证率")),
    ("sampling", _("抽检合格率")),
]
ROLE = "zone.step_{role}"  # who leads a step says its own row
LAW = "金城镇方案 五（二）3"
ABOUT = (
    "called", "kind", "address", "lat", "lng", "land_m2", "build_m2", "new_land", "builds", "cost", "fund", "build_days",
    "open_by", "in_charge",
)  # fmt: skip
NAME_FREE = Guard("name_free", _("本村已有同名的集中区。"))
GOING = ("proposed", "approved", "building")
OPENED = ("opened", "candidate", "model")

ZONE = Flow(
    "zones.zone",
    _("集中区"),
    states=(
        State("proposed", _("拟建，待立项"), "blue"),
        State("approved", _("手续办理中"), "amber"),
        State("building", _("建设中"), "amber"),
        State("opened", _("已开业"), "green"),
        State("candidate", _("申报示范中"), "blue", side=True),
        State("model", _("示范区"), "green"),
        State("dropped", _("不再建"), "grey", final=True),
        State("shut", _("已撤销"), "grey", final=True),
    ),
    moves=(
        Move(
            "propose", _("提出集中区项目"), ("",), "proposed", "zone.propose", asks=(*ABOUT, "boundary"),
            tone="primary",
            guards=(NAME_FREE,),
            help=_("填好以后，程序按类别、面积和投资列出要办的手续，并把立项报领导小组。"),
        ),
        Move("approve", _("同意立项"), ("proposed",), "approved", None),
        Move("build", _("开工"), ("approved",), "building", None),
        Move(
            "open", _("正式开业"), ("approved", "building"), "opened", "zone.propose", asks=("note",), tone="primary",
            todo=False,
            guards=(
                Guard("steps_done", _("还有手续没有办完，或办来的证件已经过期。")),
                Guard("conditions_met", _("批复附的条件还没有全部落实。")),
                Guard("has_units", _("还没有划分摊位（单元）。")),
            ),
        ),
        Move(
            "nominate", _("申报示范"), ("opened",), "candidate", "zone.propose", tone="primary", todo=False,
            help=_("申报后逐项写明得分，每项附凭据；入驻率等由记录算出。"),
        ),
        Move(
            "award", _("通过示范验收"), ("candidate",), "model", "zone.judge", asks=("note",), tone="primary", todo=False,
            guards=(
                Guard("all_judged", _("还有项目没有评定。")),
                Guard("enough_points", _("得分没有达到合格线，或重点项没有得满分。")),
            ),
        ),
        Move("decline", _("这次不通过"), ("candidate",), "opened", "zone.judge", asks=("reason",), todo=False),
        Move("untitle", _("撤销示范称号"), ("model",), "opened", "zone.judge", asks=("reason",), tone="danger", todo=False),
        Move(
            "revise", _("修改项目资料"), (*GOING, "opened"), STAYS, "zone.propose", asks=ABOUT, todo=False,
            guards=(NAME_FREE,),
            help=_("面积、投资改了，还没开始办的手续会重新判断要不要办。"),
        ),
        Move(
            "outline", _("划定边界"), (*GOING, *OPENED), STAYS, "zone.propose", asks=("boundary",), todo=False,
            help=_("在地图上沿四至一个点一个点地点，或者上传 GeoJSON。测算面积、离学校多远都按边界算。"),
        ),
        Move(
            "invest", _("登记投资"), ("approved", "building", *OPENED), STAYS, "zone.money",
            asks=("amount", "paid_on", "source", "note"), attaches=("receipt",), todo=False,
            help=_("按万元取整；不足一万元的并入下一笔。"),
        ),
        Move(
            "divide", _("划分摊位（单元）"), ("approved", "building", *OPENED), STAYS, "zone.run", asks=("stalls",),
            todo=False, help=_("例如：1 到 24 号、每行 6 个。也可以一行一个逐行录入。"),
        ),
        Move(
            "draw", _("抽签分配"), ("opened", *OPENED[1:]), STAYS, "zone.run", asks=("contract_from", "contract_to"), todo=False,
            guards=(
                Guard("somebody_waits", _("没有人在轮候。")),
                Guard("unit_free", _("没有空着的摊位（单元）。")),
            ),
            help=_("按种子抽：轮候的和空位对上号，名单、种子、结果都记在时间线上，谁都能照着再抽一遍。"),
        ),
        Move("drop", _("不再建"), GOING, "dropped", "zone.propose", asks=("reason",), tone="danger", todo=False),
        Move(
            "shut", _("撤销集中区"), ("opened",), "shut", "zone.propose", asks=("reason",), tone="danger", todo=False,
            guards=(Guard("empty", _("还有入驻户，请先逐户办理退出。")),),
        ),
    ),
)  # fmt: skip

ACCEPT = Term("accept", _("受理期限"), 5, "wd", rule="ZONE_ACCEPT")
DECIDE = tuple(
    Term("decide", name, length, unit, rule=rule, when=f"by_{rule}")
    for rule, name, length, unit in (
        ("ZONE_REVIEW", _("审查期限"), 10, "wd"),
        ("ZONE_PERMIT", _("许可决定期限"), 20, "wd"),
        ("EIA_REPORT", _("环评报告书审批期限"), 60, "d"),
        ("EIA_TABLE", _("环评报告表审批期限"), 30, "d"),
    )
)
VALID = Term("valid", _("证件有效期"), "valid_until", "d", law="证件所载有效期", when="has_validity", lapse="expire")
OWN_PAPER = Guard("has_paper", _("请附上证件、报告或照片。"))
DECIDED = ("document_no", "decided_on", "valid_until", "note")

STEP = Flow(
    "zones.step",
    _("集中区手续"),
    states=(
        State("waiting", _("等前一步"), "grey"),
        State("ready", _("待申报"), "amber"),
        State("requested", _("待受理"), "blue"),
        State("returned", _("待补正"), "amber", side=True),
        State("accepted", _("办理中"), "blue"),
        State("consulting", _("征求意见"), "blue", side=True),
        State("held", _("等补充材料"), "amber", side=True),
        State("working", _("施工中"), "amber", side=True),
        State("done", _("已办结"), "green"),
        State("refused", _("不予批准"), "red", side=True),
        State("expired", _("已过期"), "red", side=True),
        State("skipped", _("不适用"), "grey", side=True),
        State("ended", _("随项目终止"), "grey", final=True),
    ),
    moves=(
        Move("plan", _("列入"), ("",), "waiting", None),
        Move("make_ready", _("可以办了"), ("waiting",), "ready", None),
        Move(
            "request", _("申报"), ("ready", "refused", "expired"), "requested", "zone.request", asks=("note",),
            attaches=("document",), tone="primary", starts=(ACCEPT,),
            guards=(Guard("goes_to_an_office", _("这一步不用报批，办完后直接登记。")), TURN),
            help=_("材料拍照附上；受理期限从今天算。"),
        ),
        Move("accept", _("受理"), ("requested",), "accepted", ROLE, asks=("note",), tone="primary", stops=("accept",),
             starts=DECIDE),
        Move(
            "give_back", _("一次告知补正"), ("requested",), "returned", ROLE, asks=("reason",), stops=("accept",), todo=False,
            help=_("缺什么一次写全。补正期间不计时。"),
        ),
        Move("resubmit", _("提交补正"), ("returned",), "requested", "zone.request", asks=("note",),
             attaches=("document",), tone="primary", starts=(ACCEPT,)),
        Move(
            "ask", _("征求意见"), ("accepted",), "consulting", ROLE, asks=("offices", "order", "note"),
            attaches=("request",), pauses=("decide",), todo=False,
            help=_("可以同时问几个单位，也可以一个接一个问。等意见的日子不算您的办理时间。"),
        ),
        Move("heard", _("意见收齐"), ("consulting",), "accepted", None, resumes=("decide",)),
        Move("hold", _("等补充材料"), ("accepted",), "held", ROLE, asks=("reason",), pauses=("decide",), todo=False),
        Move("supply", _("补充材料"), ("held",), "accepted", "zone.request", asks=("note",), attaches=("document",),
             tone="primary", resumes=("decide",)),
        Move(
            "grant", _("批准"), ("accepted",), "done", ROLE, asks=DECIDED, attaches=("permit",), tone="primary",
            stops=("decide",), starts=(VALID,),
            guards=(
                Guard("asked_all", _("按规定还要先征求别的单位的意见。")),
                Guard("objection_answered", _("有单位不同意，请在备注里写明怎样处理。")),
                Guard("dated_right", _("有效期须晚于发证日期，发证日期不能晚于今天。")),
            ),
            help=_("附条件同意的，一行写一个条件；条件会一直跟到落实。"),
        ),
        Move("refuse", _("不予批准"), ("accepted",), "refused", ROLE, asks=("reason",), tone="danger", stops=("decide",),
             todo=False),
        Move("extend", _("延长期限"), ("accepted",), STAYS, ROLE, asks=("until", "reason"), extends="decide", todo=False),
        Move(
            "file", _("登记办结"), ("ready", "expired"), "done", "zone.step_village", asks=DECIDED, attaches=("permit",),
            tone="primary", starts=(VALID,),
            guards=(
                Guard("done_by_the_village", _("这一步要报批，请先申报。")),
                TURN,
                OWN_PAPER,
                Guard("dated_right", _("有效期须晚于发证日期，发证日期不能晚于今天。")),
            ),
        ),
        Move(
            "start", _("开工"), ("ready",), "working", "zone.step_village", asks=("decided_on",), attaches=("photo",),
            tone="primary",
            guards=(
                Guard("is_work", _("这一步不是施工。")),
                TURN,
                Guard("eia_fresh", _("环评批准已满规定年限还没有开工，须由环保办重新审核。")),
                Guard("dated_right", _("开工日期不能晚于今天。")),
            ),
        ),
        Move("finish", _("完工"), ("working",), "done", "zone.step_village", asks=("decided_on", "note"),
             attaches=("photo",), tone="primary",
             guards=(Guard("dated_right", _("完工日期不能晚于今天。")),)),
        Move(
            "recheck", _("要求重新审核"), ("done",), "ready", ROLE, asks=("reason",), stops=("valid",), todo=False,
            guards=(Guard("not_overtaken", _("后面的手续已经办了，不能退回。")),),
            help=_("例如环评批准后五年没有开工。"),
        ),
        Move("warn", _("快到期"), ("done",), STAYS, None),
        Move("expire", _("证件过期"), ("done",), "expired", None, stops=("valid",)),
        Move("skip", _("不适用"), ("waiting", "ready", "refused"), "skipped", ROLE, asks=("reason",), todo=False,
             guards=(Guard("not_the_first", _("立项不能略过。")),)),
        Move("restore", _("改为要办"), ("skipped",), "waiting", ROLE, asks=("reason",), todo=False),
        Move("leave_out", _("不用办"), ("waiting", "ready"), "skipped", None),
        Move("take_in", _("要办"), ("skipped",), "waiting", None),
        Move("end", _("随项目终止"), ("waiting", "ready", "requested", "returned", "accepted", "consulting", "held",
             "working", "refused", "expired", "skipped"), "ended", None),
    ),
)  # fmt: skip

OPINION = Flow(
    "zones.opinion",
    _("集中区意见"),
    part=True,
    states=(
        State("queued", _("排在后面"), "grey"),
        State("asked", _("待回复"), "amber"),
        State("lapsed", _("逾期未复"), "red"),
        State("agreed", _("同意"), "green", final=True),
        State("conditioned", _("附条件同意"), "amber", final=True),
        State("objected", _("不同意"), "red", final=True),
        State("ended", _("不再需要"), "grey", final=True),
    ),
    moves=(
        Move("queue", _("列入"), ("",), "queued", None),
        Move("ask", _("征求意见"), ("queued",), "asked", None,
             starts=(Term("answer", _("回复期限"), 5, "wd", rule="ZONE_OPINION", lapse="lapse"),)),
        Move("agree", _("同意"), ("asked", "lapsed"), "agreed", "zone.opine", asks=("note",), own="office",
             attaches=("document",), tone="primary", stops=("answer",)),
        Move("condition", _("附条件同意"), ("asked", "lapsed"), "conditioned", "zone.opine", asks=("reason",),
             own="office", attaches=("document",), stops=("answer",), help=_("写明条件；主办单位会写进批复。")),
        Move("object", _("不同意"), ("asked", "lapsed"), "objected", "zone.opine", asks=("reason",), own="office",
             attaches=("document",), tone="danger", stops=("answer",)),
        Move("urge", _("催一下"), ("asked", "lapsed"), STAYS, "zone.urge", asks=("note",), todo=False,
             guards=(Guard("not_today", _("今天已经催过了。")),),
             help=_("催办记在时间线上，对方工作台上会看到谁催、催了几次。")),
        Move("remind", _("到期提醒"), ("asked",), STAYS, None),
        Move("lapse", _("逾期未复"), ("asked",), "lapsed", None, stops=("answer",)),
        Move("end", _("不再需要"), ("queued", "asked", "lapsed"), "ended", None),
    ),
)  # fmt: skip

CONDITION = Flow(
    "zones.condition",
    _("附加条件"),
    part=True,
    states=(
        State("open", _("待落实"), "amber"),
        State("proved", _("待核实"), "blue"),
        State("met", _("已落实"), "green", final=True),
        State("waived", _("免除"), "grey", final=True),
        State("ended", _("随项目终止"), "grey", final=True),
    ),
    moves=(
        Move("set", _("提出条件"), ("",), "open", None,
             starts=(Term("meet", _("落实期限"), "until_on", "d", law="批复所附条件", when="has_date"),)),
        Move("prove", _("报告落实"), ("open",), "proved", "zone.request", asks=("note",), attaches=("proof",),
             tone="primary"),
        Move("meet", _("认可"), ("proved",), "met", ROLE, asks=("note",), tone="primary", stops=("meet",)),
        Move("reject", _("还不够"), ("proved",), "open", ROLE, asks=("reason",), todo=False),
        Move("waive", _("免除"), ("open", "proved"), "waived", ROLE, asks=("reason",), stops=("meet",), todo=False),
        Move("end", _("随项目终止"), ("open", "proved"), "ended", None),
    ),
)  # fmt: skip

HERE = ("allocated", "moved_in")
FUNNEL_OPEN = ("invited", "agreed", "waiting", *HERE)
ENTRANT = Flow(
    "zones.entrant",
    _("入驻"),
    states=(
        State("invited", _("已邀请"), "grey"),
        State("agreed", _("有意向"), "blue"),
        State("waiting", _("轮候中"), "amber"),
        State("allocated", _("已签约"), "blue"),
        State("moved_in", _("已入驻"), "green"),
        State("declined", _("不来"), "grey", final=True),
        State("left", _("已退出"), "grey", final=True),
    ),
    moves=(
        Move(
            "invite", _("邀请入驻"), ("",), "invited", "zone.invite", asks=("zone", "note"), tone="primary",
            guards=(
                Guard("zone_takes", _("这个集中区不再接收入驻。")),
                Guard("kind_fits", _("这一户的类别与集中区不符。")),
                Guard("still_trading", _("这一户已登记关停或迁出，或档案已合并。")),
                Guard("once", _("这一户已经在这个集中区的名单上。")),
            ),
        ),
        Move("agree", _("愿意入驻"), ("invited",), "agreed", "zone.invite", asks=("agreed_on", "note"),
             attaches=("consent",), tone="primary"),
        Move(
            "queue", _("排入轮候"), ("agreed",), "waiting", "zone.run", tone="primary",
            help=_("按先后排号，有空位时照号分配，或抽签。"),
        ),
        Move(
            "allot", _("分配签约"), ("waiting",), "allocated", "zone.run",
            asks=("unit", "contract_no", "contract_from", "contract_to", "rent", "note"), attaches=("contract",), tone="primary",
            starts=(Term("contract", _("合同到期"), "contract_to", "d", law="入驻合同"),),
            guards=(
                Guard("zone_open_to_all", _("集中区还没有立项。")),
                Guard("in_turn", _("前面还有人在轮候；不按号分配的，请在备注里写明理由。")),
                Guard("contract_right", _("合同到期日须晚于起始日。")),
            ),
        ),
        Move("drawn", _("抽签分到"), ("waiting",), "allocated", None,
             starts=(Term("contract", _("合同到期"), "contract_to", "d", law="入驻合同"),)),
        Move(
            "sign", _("补录合同"), HERE, STAYS, "zone.run",
            asks=("contract_no", "contract_from", "contract_to", "rent", "note"), attaches=("contract",), todo=False,
            starts=(Term("contract", _("合同到期"), "contract_to", "d", law="入驻合同"),),
            guards=(Guard("contract_right", _("合同到期日须晚于起始日。")),),
        ),
        Move("move_in", _("登记入驻"), ("allocated",), "moved_in", "zone.run", asks=("moved_on", "note"),
             attaches=("photo",), tone="primary",
             guards=(Guard("zone_is_open", _("集中区还没有开业。")),
                     Guard("moved_right", _("入驻日期不能早于合同起始日，也不能晚于今天。")))),
        Move("warn", _("合同快到期"), HERE, STAYS, None),
        Move("decline", _("不来"), ("invited", "agreed", "waiting"), "declined", "zone.invite", asks=("reason",),
             todo=False),
        Move("leave", _("办理退出"), HERE, "left", "zone.run", asks=("left_on", "reason"), tone="danger", todo=False,
             stops=("contract",)),
        Move("end", _("随项目终止"), FUNNEL_OPEN, "declined", None, stops=("contract",)),
    ),
)  # fmt: skip

SCORING = Guard("being_scored", _("这个集中区不在评分中。"))
ITEM = Flow(
    "zones.item",
    _("示范评分"),
    part=True,
    states=(
        State("open", _("待自评"), "amber"),
        State("claimed", _("待评定"), "blue"),
        State("accepted", _("已评定"), "green"),
        State("ended", _("评分结束"), "grey", final=True),
    ),
    moves=(
        Move("list", _("列入"), ("",), "open", None),
        Move(
            "claim", _("自评"), ("open",), "claimed", "zone.request", asks=("claimed", "note"), attaches=("proof",),
            tone="primary",
            guards=(
                SCORING,
                Guard("not_above", _("得分不能超过这一项的满分。")),
                Guard("has_proof", _("每一项都要有凭据：附照片或材料；由记录算出的，须达到要求。")),
            ),
        ),
        Move(
            "accept", _("评定"), ("claimed",), "accepted", "zone.judge", asks=("points", "note"), tone="primary",
            guards=(SCORING, Guard("not_above", _("得分不能超过这一项的满分。")),
                    Guard("lower_with_reason", _("比自评低的，请在备注里写明理由。"))),
        ),
        Move("give_back", _("退回重评"), ("claimed", "accepted"), "open", "zone.judge", asks=("reason",), todo=False,
             guards=(SCORING,)),
        Move("end", _("评分结束"), ("open", "claimed", "accepted"), "ended", None),
    ),
)  # fmt: skip
