"""The log in words: what a page, a paper and the API say of an event. No HTML."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanxiao.docket import flow, rooms
from sanxiao.docket.models import Event
from sanxiao.office.models import Area

Spoken = dict[str, dict[str, Any]]  # of a model: how its facts and their values are called


def told(events: QuerySet[Event] | Iterable[Event]) -> list[dict[str, Any]]:
    """Each event in words: event, name, of, told (label, value), changes (label, old, new), tone, late."""
    rows = events.select_related("actor", "office") if isinstance(events, QuerySet) else events
    names = _area_names()
    spoken: dict[str, Spoken] = {}
    return [_told(event, names, spoken) for event in rows]


def facts_in_words(model: Any, facts: dict[str, Any]) -> list[tuple[str, str]]:
    """Facts of a move as label and value."""
    names = _area_names()
    return [(label_in_words(model, k), _shown(model, k, v, names)) for k, v in facts.items()]


def _told(event: Event, names: dict[str, str], spoken: dict[str, Spoken]) -> dict[str, Any]:
    try:
        table = rooms.flow_of(event.kind)
    except KeyError:
        table = None
    model = table.model if table else None
    facts = [(k, _shown(model, k, v, names)) for k, v in event.facts.items() if k != "changes"]
    said = [(label_in_words(model, k), words) for k, words in facts if words]
    changes = event.facts.get("changes", {})
    words = _words_of(model, spoken) if changes else {}
    entered = timezone.localtime(event.at).date()
    return {
        "event": event, "name": act_in_words(event, table), "of": table.name if table else "", "told": said,
        "changes": [_change(model, k, pair, names, words.get(k)) for k, pair in changes.items()],
        "tone": _tone(event, table), "late": (entered - event.on).days > 1,
    }  # fmt: skip


def _change(
    model: Any, name: str, pair: list[Any], names: dict[str, str], words: dict[str, Any] | None
) -> tuple[str, str, str]:
    """One changed fact: its name, the old, the new. Where facts are answers, the model's `words()` say them."""
    label = label_in_words(model, name)
    if words is not None:
        english = (get_language() or "").startswith("en")
        label = words["label_en" if english else "label"]
        choices = {value: names[english] for value, names in words.get("choices", {}).items()}
        pair = [_chosen(value, choices) for value in pair]
    old, new = (_shown(model, name, value, names) or _("空") for value in pair)
    return label, old, new


def _words_of(model: Any, spoken: dict[str, Spoken]) -> Spoken:
    """What a model says of its facts, asked once for a timeline."""
    if not hasattr(model, "words"):
        return {}
    if model._meta.label not in spoken:
        spoken[model._meta.label] = model.words()
    return spoken[model._meta.label]


def _chosen(value: Any, choices: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_chosen(each, choices) for each in value]
    return choices.get(value, value) if isinstance(value, str) else value


def act_in_words(event: Event, table: Any) -> str:
    """What was done: the move's name, or the word for an act that is no move."""
    verb, _colon, move = event.move.rpartition(":")
    words = {
        "amend": _("更正"), "reveal": _("查看完整号码"), "attach": _("添加附件"), "void_file": _("作废附件"),
        "appoint": _("任职"), "end": _("离任"), "strike": _("撤销任职"), "password": _("重置密码"),
        "handover": _("签收交接"),
        "print": _("打印"), "numbers": _("导出电话"), "pitch": _("更新出摊点"),
        "mark": _("来件人评价"), "reissue": _("另发回执"), "name": _("指定专管人员"), "dismiss": _("免去专管人员"),
        "key": _("做钥匙"), "hand_over": _("移交身份"), "disposed": _("到期销毁内容"),
        "comment": _("评论"), "copy": _("照着做"),
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
    words |= {"count": _("件数"), "leave": _("同时卸任"), "destroyed": _("已销毁件数")}
    words |= {"class": _("材料类别"), "spared": _("暂缓或已无内容")}
    own = getattr(model, "fact_labels", {}).get(name)
    return str(own or words.get(name) or (flow.label_of(model, name) if model else name))


def _shown(model: Any, name: str, value: Any, names: dict[str, str]) -> str:
    if value in (None, "", [], {}):
        return ""
    if say := getattr(model, "fact_words", {}).get(name):  # a model's own words for a fact of many parts
        return str(say(value))
    if isinstance(value, bool):
        return (
            _("同意")
            if name == "agrees" and value
            else _("不同意")
            if name == "agrees"
            else _("是")
            if value
            else _("否")
        )
    if isinstance(value, str) and value.startswith("idx:"):
        return _("（已加密，不显示）")
    if name in ("area", "new_area"):
        return names.get(str(value), str(value))
    if isinstance(value, list):
        return _("、").join(_shown(model, name, v, names) for v in value)
    if name in ("field", "takes") and model:  # names of facts are said as facts are called
        return flow.label_of(model, str(value))
    if isinstance(value, dict):
        said = ((label_in_words(model, k), _shown(model, k, v, names)) for k, v in value.items())
        return _("；").join(f"{label}{_('：')}{shown}" for label, shown in said)
    return _choice(model, name, value, names)


def _choice(model: Any, name: str, value: Any, names: dict[str, str]) -> str:
    field = next((f for f in model._meta.get_fields() if f.name == name), None) if model else None
    if isinstance(field, models.ForeignKey):
        return _row_name(field.related_model, str(value), names)
    choices = dict(getattr(field, "flatchoices", None) or ())
    return str(choices.get(value, value))


def _row_name(model: Any, pk: str, names: dict[str, str]) -> str:
    """A row that the log knows by its key, by its name; asked once for a timeline."""
    key = f"{model._meta.label_lower}:{pk}"
    if key not in names:
        try:
            names[key] = str(model._base_manager.filter(pk=pk).first() or pk)
        except (ValidationError, ValueError):
            names[key] = pk
    return names[key]


def _area_names() -> dict[str, str]:
    """The names of areas by code; the latest name wins."""
    return {area.code: area.label for area in Area.objects.order_by("since")}
