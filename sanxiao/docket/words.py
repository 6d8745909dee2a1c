"""The log in words: what a page, a paper and the API say of an event. No HTML."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from sanxiao.docket import flow, rooms
from sanxiao.docket.models import Event
from sanxiao.office.models import Area


def told(events: QuerySet[Event] | Iterable[Event]) -> list[dict[str, Any]]:
    """Each event in words: event, name, of, told (label, value), changes (label, old, new), tone, late."""
    rows = events.select_related("actor", "office") if isinstance(events, QuerySet) else events
    areas = {area.code: area.label for area in Area.objects.order_by("since")}
    return [_told(event, areas) for event in rows]


def facts_in_words(model: Any, facts: dict[str, Any]) -> list[tuple[str, str]]:
    """Facts of a move as label and value."""
    areas = {area.code: area.label for area in Area.objects.order_by("since")}
    return [(label_in_words(model, k), _shown(model, k, v, areas)) for k, v in facts.items()]


def _told(event: Event, areas: dict[str, str]) -> dict[str, Any]:
    try:
        table = rooms.flow_of(event.kind)
    except KeyError:
        table = None
    model = table.model if table else None
    said = [(label_in_words(model, k), _shown(model, k, v, areas)) for k, v in event.facts.items() if k != "changes"]
    changes = [
        (label_in_words(model, k), _shown(model, k, old, areas) or _("空"), _shown(model, k, new, areas) or _("空"))
        for k, (old, new) in event.facts.get("changes", {}).items()
    ]
    entered = timezone.localtime(event.at).date()
    return {
        "event": event, "name": act_in_words(event, table), "of": table.name if table else "", "told": said,
        "changes": changes, "tone": _tone(event, table), "late": (entered - event.on).days > 1,
    }  # fmt: skip


def act_in_words(event: Event, table: Any) -> str:
    """What was done: the move's name, or the word for an act that is no move."""
    verb, _colon, move = event.move.rpartition(":")
    words = {
        "amend": _("更正"), "reveal": _("查看完整号码"), "attach": _("添加附件"), "void_file": _("作废附件"),
        "appoint": _("任职"), "end": _("离任"), "strike": _("撤销任职"), "password": _("重置密码"),
        "handover": _("签收交接"),
        "print": _("打印"), "pitch": _("更新出摊点"),
    }  # fmt: skip
    name = str(table.row(move).name) if table and table.has(move) else words.get(move, move)
    return {"propose": _("提交会签：%s"), "sign": _("会签：%s")}.get(verb, "%s") % name


def _tone(event: Event, table: Any) -> str:
    return table.state(event.to).tone if table and event.to else "grey"


def label_in_words(model: Any, name: str) -> str:
    """The name of a fact."""
    words = {"agrees": _("意见"), "reason": _("理由"), "field": _("项目"), "files": _("文件"), "pitch": _("出摊点")}
    words |= {"person": _("人员"), "office": _("单位"), "title": _("职务"), "since": _("起"), "until": _("止")}
    words |= {"from": _("移交人"), "matters": _("事项数"), "key": _("键"), "value": _("值")}
    own = getattr(model, "fact_labels", {}).get(name)
    return str(own or words.get(name) or (flow.label_of(model, name) if model else name))


def _shown(model: Any, name: str, value: Any, areas: dict[str, str]) -> str:
    if value in (None, "", [], {}):
        return ""
    if say := getattr(model, "fact_words", {}).get(name):  # a model's own words for a fact of many parts
        return str(say(value))
    if isinstance(value, bool):
        return _("同意") if name == "agrees" and value else _("不同意") if name == "agrees" else _("是") if value else _("否")
    if isinstance(value, str) and value.startswith("idx:"):
        return _("（已加密，不显示）")
    if name in ("area", "new_area"):
        return areas.get(str(value), str(value))
    if name == "field" and model:
        return flow.label_of(model, str(value))
    if isinstance(value, list):
        return "、".join(_shown(model, name, v, areas) for v in value)
    if isinstance(value, dict):
        return "；".join(f"{label_in_words(model, k)}：{_shown(model, k, v, areas)}" for k, v in value.items())
    return _choice(model, name, value)


def _choice(model: Any, name: str, value: Any) -> str:
    field = next((f for f in model._meta.get_fields() if f.name == name), None) if model else None
    choices = dict(getattr(field, "flatchoices", None) or ())
    return str(choices.get(value, value))
