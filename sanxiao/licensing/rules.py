"""The flow tables of the application and of the certificate or card that comes of it.

Two routes in one table: the workshop's certificate is received and decided by the bureau's branch, the
cards of vendors and small eateries are received by the village and decided by the food-safety office.
`{route}` in a duty is filled from the application (certificate, card).
"""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import STAYS, Flow, Guard, Move, State, Term

CERTIFICATE, CARD = "certificate", "card"
ROUTES = [(CERTIFICATE, _("登记证（分局）")), (CARD, _("登记卡（村、食安办）"))]
PURPOSES = [("new", _("新办")), ("renew", _("延续")), ("change", _("变更")), ("replace", _("补办"))]
OPINIONS = [("grant", _("拟准予登记")), ("refuse", _("拟不予登记"))]

HANDLING = ("accept", "return", "visit_pass", "visit_fail", "propose")
IN_HAND = ("accepted", "visited", "failed", "proposed")
BEFORE_DECISION = ("draft", "received", "returned", *IN_HAND)

_TO_DECIDE = (
    Term("decide", _("作出决定"), 20, "wd", rule="REG_DECIDE", extend=10, when="bureau_decides"),
    Term("decide", _("变更决定"), 10, "wd", rule="REG_CHANGE_DECIDE", when="bureau_changes"),
    Term("site", _("现场核查"), 10, "wd", rule="REG_SITE_CHECK", when="bureau_visits"),
    Term("renewal", _("期满前决定延续"), "renewal_until", "d", law="《市场监督管理行政许可程序暂行规定》第二十七条",
         lapse="deem_renewed", when="renews_in_time"),
)  # fmt: skip
_TO_CHECK = (
    Term("check", _("材料审查"), 3, "wd", rule="REG_CHECK", when="by_bureau"),
    Term("supplement", _("一次告知补正"), 5, "wd", rule="REG_SUPPLEMENT", lapse="deem_accepted", when="by_bureau"),
)

APPLICATION = Flow(
    "licensing.application",
    _("办证申请"),
    states=(
        State("draft", _("待提交"), "grey"),
        State("received", _("待受理"), "blue"),
        State("returned", _("待补正"), "amber", side=True),
        State("accepted", _("已受理"), "blue"),
        State("failed", _("核查不合格"), "amber", side=True),
        State("visited", _("核查合格"), "blue", side=True),
        State("proposed", _("待审批"), "blue"),
        State("approved", _("已准予登记"), "green"),
        State("issued", _("已制证，待领取"), "green"),
        State("handed", _("已领证"), "green", final=True),
        State("refused", _("未予登记"), "red", final=True),
        State("withdrawn", _("已撤回"), "grey", final=True),
        State("lapsed", _("逾期未补正"), "grey", final=True),
    ),
    moves=(
        Move(
            "begin", _("代办申请"), ("",), "draft", "{route}.apply", asks=("purpose", "materials", "statement"),
            tone="primary", help=_("替经营者填写申请：逐项拍照，缺的先留空。保存以后再核对、提交。"),
            guards=(
                Guard("has_document", _("这一类对象没有规定要办的证或卡。")),
                Guard("none_open", _("这一户已有一件申请在办理。")),
                Guard("fits_purpose", _("与现有证卡不符：有效的办延续、变更或补办，没有的办新办。")),
            ),
        ),
        Move("fill", _("补充材料"), ("draft",), STAYS, "{route}.apply", asks=("materials", "statement"), todo=False),
        Move(
            "submit", _("提交申请"), ("draft",), "received", "{route}.apply", asks=("committed",), tone="primary",
            attaches=("signature",), starts=_TO_CHECK,
            guards=(Guard("committed", _("经营者须先在承诺书上签字。")),),
            help=_("请经营者看过申请和承诺书，当面签名后再提交。"),
        ),
        Move(
            "accept", _("受理"), ("received",), "accepted", "{route}.handle", asks=("note",), tone="primary",
            stops=("check", "supplement"), starts=_TO_DECIDE,
        ),
        Move("deem_accepted", _("逾期未告知，视为受理"), ("received",), "accepted", None,
             stops=("check", "supplement"), starts=_TO_DECIDE),
        Move(
            "return", _("一次告知补正"), ("received",), "returned", "{route}.handle", asks=("defects",), todo=False,
            guards=(Guard("not_returned_before", _("补正只能一次告知：这件已经退回过，请受理或者不予登记。")),),
            stops=("check", "supplement"),
            starts=(Term("resubmit", _("补正材料"), 20, "d", rule="REG_RESUBMIT", lapse="abandon"),),
            help=_("把所有不合要求的材料一次说清，以后不能再退。"),
        ),
        Move("resubmit", _("提交补正"), ("returned",), "received", "{route}.apply", asks=("materials", "statement"),
             tone="primary", attaches=("signature",), stops=("resubmit",), starts=_TO_CHECK),
        Move("abandon", _("逾期未补正"), ("returned",), "lapsed", None, stops=("resubmit",)),
        Move(
            "visit_pass", _("现场核查合格"), ("accepted", "failed"), "visited", "{route}.handle",
            asks=("visited_on", "officers", "items", "note"), attaches=("photo", "signature"), stops=("site",),
        ),
        Move(
            "visit_fail", _("现场核查不合格"), ("accepted", "visited"), "failed", "{route}.handle",
            asks=("visited_on", "officers", "items", "note"), attaches=("photo", "signature"), stops=("site",), todo=False,
        ),
        Move(
            "propose", _("报请审批"), ("accepted", "visited", "failed"), "proposed", "{route}.handle",
            asks=("opinion", "note"), tone="primary",
            guards=(
                Guard("visit_for_opinion", _("现场核查还没有合格，不能拟准予登记。")),
                Guard("eligible_for_opinion", _("不符合登记条件，不能拟准予登记；原因见“办证条件”。")),
            ),
            starts=(Term("decide", _("发卡决定"), 5, "wd", rule="CARD_DECIDE", when="by_village"),),
        ),
        Move("send_back", _("退回重办"), ("proposed",), "accepted", "{route}.decide", asks=("reason",), todo=False,
             apart=HANDLING),
        Move(
            "grant", _("准予登记"), ("proposed",), "approved", "{route}.decide", asks=("note",), tone="primary",
            apart=HANDLING,
            guards=(
                Guard("visit_passed", _("现场核查还没有合格，不能发证。")),
                Guard("no_open_order", _("整改通知还没有办结，不能发证。")),
                Guard("eligible", _("不符合登记条件，不能发证；原因见“办证条件”。")),
            ),
            stops=("decide", "renewal"), starts=(Term("issue", _("制发证件"), 5, "wd", rule="REG_ISSUE"),),
        ),
        Move("deem_renewed", _("期满前未作决定，视为准予延续"), ("accepted", "visited", "proposed"), "approved", None,
             stops=("decide", "site", "renewal"),
             starts=(Term("issue", _("制发证件"), 5, "wd", rule="REG_ISSUE"),)),
        Move(
            "refuse", _("不予登记"), ("received", *IN_HAND), "refused", "{route}.decide", asks=("ground", "reason"),
            tone="danger", todo=False, apart=HANDLING, stops=("decide",),
        ),
        Move("extend", _("延长决定期限"), IN_HAND, STAYS, "{route}.decide", asks=("until", "reason"), extends="decide",
             todo=False, guards=(Guard("may_be_extended", _("这一件的决定期限不能延长。")),)),
        Move("issue", _("制证"), ("approved",), "issued", "{route}.issue", asks=("official_no", "note"), tone="primary"),
        Move(
            "hand_over", _("领证"), ("issued",), "handed", "{route}.issue", asks=("handed_on", "received_by", "note"),
            attaches=("signature", "receipt"), tone="primary", stops=("issue",),
        ),
        Move("withdraw", _("撤回申请"), BEFORE_DECISION, "withdrawn", "{route}.apply", asks=("reason",), todo=False),
    ),
)  # fmt: skip

CERTIFICATE_FLOW = Flow(
    "licensing.certificate",
    _("证卡"),
    states=(
        State("valid", _("有效"), "green"),
        State("suspended", _("已暂停"), "amber", side=True),
        State("expired", _("已过期"), "red", final=True),
        State("revoked", _("已撤销"), "red", final=True),
        State("cancelled", _("已注销"), "grey", final=True),
        State("replaced", _("已换发"), "grey", final=True),
    ),
    moves=(
        Move("issue", _("发证"), ("",), "valid", None,
             starts=(Term("validity", _("有效期"), "valid_to", "d", law=_("证、卡载明的有效期"), lapse="expire"),)),
        Move("suspend", _("暂停"), ("valid",), "suspended", "paper.manage", asks=("ground", "reason"), todo=False),
        Move("resume", _("恢复"), ("suspended",), "valid", "paper.manage", asks=("reason",), todo=False),
        Move("revoke", _("撤销"), ("valid", "suspended"), "revoked", "paper.manage", asks=("ground", "reason"),
             tone="danger", todo=False, stops=("validity",)),
        Move("cancel", _("注销"), ("valid", "suspended", "expired"), "cancelled", "paper.manage",
             asks=("ground", "reason"), tone="danger", todo=False, stops=("validity",)),
        Move("replace", _("补办"), ("valid",), "replaced", "paper.manage", asks=("ground", "note"), todo=False,
             stops=("validity",), help=_("旧证作废，沿用原编号和有效期另发一份；旧码扫出来会说明已经换发。")),
        Move("supersede", _("换发新证"), ("valid", "suspended", "expired"), "replaced", None, stops=("validity",)),
        Move("expire", _("到期"), ("valid", "suspended"), "expired", None, stops=("validity",),
             guards=(Guard("no_renewal_pending", _("延续申请已受理，等待决定。")),)),
    ),
)  # fmt: skip
