"""An XLSForm workbook from outside: read into rows as our own forms have them, and judged with sheet, row and column.

Everything that can be said is said at once and in words; what is right becomes an `xlsform.Source`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from sanxiao.papers import excel
from sanxiao.survey import xlsform

SHEETS = ("survey", "choices", "settings")
TYPES = frozenset((
    "text", "integer", "decimal", "date", "time", "dateTime", "geopoint", "select_one", "select_multiple", "image",
    "note", "calculate", "acknowledge", "start", "end", "today",
))  # fmt: skip
FRAMES = ("begin_group", "end_group", "begin_repeat", "end_repeat")
EXPRESSIONS = ("relevant", "constraint", "calculation", "choice_filter", "required")
MACROS = {"#idcard": "constraint", "#uscc": "constraint", "#phone": "constraint", "#prohibited": "calculation"}
# What the form says to who typed it wrong, where its author wrote nothing; it goes into the form in both languages.
WRONG = {
    "#idcard": ("身份证号码不正确，请核对18位号码", "The ID number is not right: check its 18 characters"),
    "#uscc": ("统一社会信用代码不正确，请核对18位代码", "The credit code is not right: check its 18 characters"),
    "#phone": ("请填11位手机号或带区号的固定电话", "A mobile number, or a landline with area code"),
}
OTHER_NAMES = {
    "list name": "list_name", "caption": "label", "value": "name", "constraint message": "constraint_message",
    "relevance": "relevant", "read_only": "readonly", "id_string": "form_id", "title": "form_title",
}  # fmt: skip
KINDS = {
    "begin group": "begin_group", "end group": "end_group", "begin repeat": "begin_repeat", "end repeat": "end_repeat",
    "string": "text", "int": "integer", "photo": "image", "gps": "geopoint", "location": "geopoint",
    "datetime": "dateTime", "trigger": "acknowledge",
}  # fmt: skip
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,59}")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, where it stands, in words."""

    sheet: str
    row: int
    column: str
    text: str


@dataclass(frozen=True)
class Found:
    """A workbook as it was read: its rows as our forms have them, where each stood, and what is wrong."""

    source: xlsform.Source
    faults: list[Fault]
    lines: dict[str, list[int]]  # sheet -> number of the workbook's row for every row of the source


def read(data: bytes) -> Found:
    """A workbook from its bytes; never raises, the faults say everything."""
    try:
        opened = excel.read(data)
    except excel.NotExcel as error:
        return Found({}, [Fault("", 0, "", str(error))], {})
    pages = {page.name.strip().lower(): page for page in opened.pages}
    faults = [
        Fault(name, 0, "", _("工作簿里没有“%(name)s”工作表。") % {"name": name}) for name in SHEETS if name not in pages
    ]
    if "survey" not in pages:
        return Found({}, faults, {})
    source: xlsform.Source = {}
    lines: dict[str, list[int]] = {}
    for name in SHEETS:
        source[name], lines[name] = _rows(pages[name], name) if name in pages else ([], [])
    faults += _judge(source, lines)
    if not faults:
        source["survey"], lines["survey"] = _framed(source["survey"], lines["survey"], source["settings"][0])
    return Found(source, faults, lines)


def _rows(page: excel.Page, name: str) -> tuple[list[xlsform.Row], list[int]]:
    records = list(excel.records(page, page.rows[0].number)) if page.rows else []
    found, lines = [], []
    for number, record in records:
        row = {_head(head): _text(value) for head, value in record.items() if head and value is not None}
        if name == "survey":
            row["type"] = _kind(row.get("type", ""))
        if any(row.values()):
            found.append(_filled(row, name))
            lines.append(number)
    return found, lines


def _head(head: str) -> str:
    """A column by the name that our forms give it; Chinese is the language without a name."""
    plain = " ".join(head.split())
    base, _colons, language = plain.partition("::")
    base = OTHER_NAMES.get(base.strip().lower(), base.strip().lower().replace(" ", "_"))
    if not language or re.search(r"中文|chinese|\(zh", language, re.IGNORECASE):
        return base
    return f"{base}{xlsform.ENGLISH}" if "english" in language.lower() else f"{base}::{language.strip()}"


def _text(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value).strip()


def _kind(text: str) -> str:
    first, _blank, rest = " ".join(text.split()).partition(" ")
    whole = " ".join(text.split()).lower()
    if whole in KINDS:
        return KINDS[whole]
    if first.lower() in ("select_one", "select_multiple"):
        return f"{first.lower()} {rest}".strip()
    if whole.startswith(("select one ", "select multiple ")):
        kind, listed = whole.rsplit(" ", 1)
        return f"{kind.replace(' ', '_').removesuffix('_from')} {listed}"
    return next((kind for kind in TYPES if kind.lower() == whole), " ".join(text.split()))


def _filled(row: xlsform.Row, name: str) -> xlsform.Row:
    """Every column that the readers of forms ask for, empty where the workbook has none; macros in their place."""
    wanted = {
        "survey": [name for name in xlsform.ORDER if name not in ("list_name", *SETTINGS)],
        "choices": ["list_name", "name", "label", f"label{xlsform.ENGLISH}"],
        "settings": list(SETTINGS),
    }[name]
    full = dict.fromkeys(wanted, "") | row
    if (macro := full.get("macro", "")) in MACROS:
        column = MACROS[macro]
        if macro not in full[column]:
            full[column] = f"({full[column]}) and {macro}" if full[column] else macro
        if macro in WRONG and not full["constraint_message"]:
            full["constraint_message"], full[f"constraint_message{xlsform.ENGLISH}"] = WRONG[macro]
    return full


SETTINGS = ("form_title", "title_en", "form_id", "version", "default_language", "instance_name", "kind", "annex")


# --- judging ---------------------------------------------------------------------------------------------------


def _judge(source: xlsform.Source, lines: Mapping[str, list[int]]) -> list[Fault]:
    return [*_settings(source, lines), *_survey(source, lines), *_choices(source, lines)]


def _settings(source: xlsform.Source, lines: Mapping[str, list[int]]) -> Iterator[Fault]:
    if not source["settings"]:
        yield Fault("settings", 2, "", _("这张工作表要有一行：表单名称、编号、版本。"))
        return
    row, number = source["settings"][0], lines["settings"][0]
    said = {"form_title": _("表单名称"), "form_id": _("表单编号"), "version": _("版本")}
    for name, word in said.items():
        if not row[name]:
            yield Fault("settings", number, name, _("请填写%(what)s。") % {"what": word})
    if (row["form_id"] and not NAME.fullmatch(row["form_id"])) or len(row["form_id"]) > 40:
        yield Fault("settings", number, "form_id", _("编号只能用字母、数字和下划线，以字母开头，最多 40 个字符。"))
    if len(row["version"]) > 16:
        yield Fault("settings", number, "version", _("版本最多 16 个字符，通常写日期，如 2018060101。"))
    if row.get("public_key") or row.get("submission_url"):
        yield Fault("settings", number, "public_key", _("不接收加密表单，也不能改上传地址。"))


def _survey(source: xlsform.Source, lines: Mapping[str, list[int]]) -> Iterator[Fault]:
    open_frames: list[str] = []
    taken: dict[str, int] = {}
    lists = {row["list_name"] for row in source["choices"]}
    for row, number in zip(source["survey"], lines["survey"], strict=True):
        kind, _blank, listed = row["type"].partition(" ")
        if kind in FRAMES:
            if problem := _frame(kind, open_frames):
                yield Fault("survey", number, "type", problem)
        elif not kind:
            yield Fault("survey", number, "type", _("请填写题型。"))
        elif kind not in TYPES:
            yield Fault("survey", number, "type", _("暂不支持这种题型：%(type)s。") % {"type": row["type"]})
        elif kind.startswith("select_") and listed not in lists:
            yield Fault("survey", number, "type", _("choices 工作表里没有“%(list)s”这一组选项。") % {"list": listed})
        if not kind.startswith("end_"):
            yield from _name(row, number, taken)
        yield from _cells(row, number)
    if open_frames:
        yield Fault(
            "survey",
            lines["survey"][-1],
            "type",
            _("有一组没有结束：缺少 %(what)s。") % {"what": f"end_{open_frames[-1]}"},
        )


def _frame(kind: str, open_frames: list[str]) -> str:
    verb, _line, what = kind.partition("_")
    if verb == "begin":
        open_frames.append(what)
        allowed = (["group"], ["repeat"], ["group", "repeat"])
        return "" if open_frames in allowed else _("组里不能再套组，重复组里也不能再套。")
    if not open_frames or open_frames[-1] != what:
        return _("这里结束的一组没有开始，或者交叉了。")
    open_frames.pop()
    return ""


def _name(row: xlsform.Row, number: int, taken: dict[str, int]) -> Iterator[Fault]:
    name = row["name"]
    if not name:
        yield Fault("survey", number, "name", _("请填写变量名。"))
    elif not NAME.fullmatch(name):
        yield Fault(
            "survey", number, "name", _("变量名只能用字母、数字和下划线，以字母开头：%(name)s") % {"name": name[:40]}
        )
    elif name in taken:
        yield Fault(
            "survey", number, "name", _("变量名与第 %(row)d 行重复：%(name)s") % {"row": taken[name], "name": name}
        )
    elif name in ("meta", "chosen", "chosen_place", "new_place", "place_kind"):
        yield Fault("survey", number, "name", _("这个变量名由系统使用，请换一个：%(name)s") % {"name": name})
    taken.setdefault(name, number)


def _cells(row: xlsform.Row, number: int) -> Iterator[Fault]:
    for column in EXPRESSIONS:
        if set(row.get(column, "")) & set("“”‘’"):
            yield Fault("survey", number, column, _("公式里的引号须用英文引号 ' 或 \"，不能用中文引号。"))
    for column in ("constraint", "calculation"):
        for word in re.findall(r"#[a-z]+", row.get(column, "")):
            if word not in MACROS:
                yield Fault(
                    "survey",
                    number,
                    column,
                    _("没有这个宏：%(macro)s。可用：%(known)s") % {"macro": word, "known": " ".join(MACROS)},
                )
    if row["macro"] and row["macro"] not in MACROS:
        yield Fault(
            "survey",
            number,
            "macro",
            _("没有这个宏：%(macro)s。可用：%(known)s") % {"macro": row["macro"], "known": " ".join(MACROS)},
        )
    kind = row["type"].split(" ")[0]
    if kind not in (*FRAMES, "calculate", "start", "end", "today") and not row["label"]:
        yield Fault("survey", number, "label", _("请填写题目（label）。"))
    if kind == "calculate" and not (row["calculation"] or row["default"]):
        yield Fault("survey", number, "calculation", _("计算题要有公式（calculation）。"))


def _choices(source: xlsform.Source, lines: Mapping[str, list[int]]) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for row, number in zip(source["choices"], lines["choices"], strict=True):
        key = row["list_name"], row["name"]
        for column, word in (("list_name", _("选项组")), ("name", _("选项值"))):
            if not row[column]:
                yield Fault("choices", number, column, _("请填写%(what)s。") % {"what": word})
        if not row["label"] and not row["name"].startswith("#"):
            yield Fault("choices", number, "label", _("请填写选项文字（label）。"))
        if key in seen and all(key):
            yield Fault("choices", number, "name", _("同一组里选项值重复：%(name)s") % {"name": row["name"]})
        if " " in row["name"]:
            yield Fault("choices", number, "name", _("选项值里不能有空格：%(name)s") % {"name": row["name"]})
        seen.add(key)


def _framed(rows: list[xlsform.Row], lines: list[int], settings: xlsform.Row) -> tuple[list[xlsform.Row], list[int]]:
    """Questions that stand in no group get one, since every question of ours has a group."""
    found: list[tuple[xlsform.Row, int]] = []
    depth, loose, count = 0, False, 0
    for row, number in zip(rows, lines, strict=True):
        opens = row["type"].startswith("begin_")
        if depth == 0 and not loose and not opens:
            count += 1
            begin = {"type": "begin_group", "name": f"part_{count}", "label": settings["form_title"]}
            found.append((_filled(begin, "survey"), number))
            loose = True
        elif depth == 0 and loose and opens:
            found.append((_filled({"type": "end_group"}, "survey"), number))
            loose = False
        depth += 1 if opens else -1 if row["type"].startswith("end_") else 0
        found.append((row, number))
    if loose:
        found.append((_filled({"type": "end_group"}, "survey"), lines[-1]))
    return [row for row, _n in found], [n for _row, n in found]


# --- what the converter says -----------------------------------------------------------------------------------

SAID = (
    (r"Could not find the name|There has been a problem trying to replace|no survey element named",
     gettext_noop("引用了不存在的变量，请核对 ${…} 里的名字")),
    (r"multiple survey elements named", gettext_noop("引用的变量名不止一个，请改名")),
    (r"must have a sheet named", gettext_noop("工作簿里没有 survey 工作表")),
    (r"definition was not recognized", gettext_noop("文件打不开：请用 Excel 或 WPS 另存为 .xlsx 再传")),
    (r"Unknown question type", gettext_noop("不认识的题型")),
    (r"List name not in choices", gettext_noop("choices 工作表里没有这一组选项")),
    (r"duplicate|already|more than once", gettext_noop("名字重复")),
    (r"reference|\$\{", gettext_noop("公式里的引用写法不对，应为 ${变量名}")),
    (r"[Cc]alculation", gettext_noop("计算题要有公式")),
    (r"parameter|Parameter", gettext_noop("parameters 一栏写法不对")),
    (r"name", gettext_noop("名字写法不对")),
)  # fmt: skip


def translated(error: Exception, lines: Mapping[str, list[int]]) -> Fault:
    """A fault of the converter in words, with the row of the workbook where it names one."""
    text = str(error)
    place = re.search(r"\[row\s*:\s*(\d+)\]", text)
    sheet = next((name for name in SHEETS if f"'{name}'" in text), "survey")
    column = re.search(r"the '([a-z_:]+)' (?:value|column)", text)
    index = int(place[1]) - 2 if place else -1
    numbers = lines.get(sheet, [])
    row = numbers[index] if 0 <= index < len(numbers) else 0
    words = next((said for pattern, said in SAID if re.search(pattern, text)), "这份表单不能转换")
    detail = re.sub(r"^\[row[^\]]*\]\s*", "", text).splitlines()[0][:200]
    return Fault(
        sheet, row, column[1] if column else "", _("%(words)s（%(detail)s）") % {"words": _(words), "detail": detail}
    )


def as_json(faults: list[Fault]) -> list[dict[str, Any]]:
    """Faults as a draft keeps them."""
    return [asdict(fault) for fault in faults]
