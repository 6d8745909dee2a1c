"""Old ledgers: upload, columns, trial run, import, filing. Every step can be left and taken up again."""

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanxiao.docket import files, jobs
from sanxiao.docket.models import Job
from sanxiao.docket.refusal import Refused
from sanxiao.office.duties import may
from sanxiao.office.models import Area, User
from sanxiao.office.places import grounds, names_of
from sanxiao.papers import cn, excel
from sanxiao.papers.lists import XLSX
from sanxiao.survey import store, trial
from sanxiao.survey.columns import HALVES, read_heads, remember
from sanxiao.survey.export import columns_of
from sanxiao.survey.forms import LedgerForm
from sanxiao.survey.models import Form, Ledger, Sheet
from sanxiao.survey.reading import label
from sanxiao.survey.views import sent

AT_ONCE = 300  # rows up to this number are done while the person waits; more go into the background
SAMPLES = 3
_LONG = re.compile(r"(?<![\d.])\d{11,17}[\dXx]?(?![\d.])")


def _mine(request: HttpRequest, pk: Any) -> Ledger:
    rows = Ledger.objects.seen_by(request.user).select_related("form", "kind")
    return get_object_or_404(rows, pk=pk, by=request.user)


def _must(request: HttpRequest) -> None:
    if not may(request.user, "sheet.import"):
        raise PermissionDenied


def villages_of(user: User | None) -> dict[str, str]:
    """Where a person may import, under the Chinese names that ledgers write; the program itself everywhere."""
    if user is None:
        return {a.code: a.name for a in Area.objects.on().filter(level__in=("village", "community"))}
    return {area.code: area.name for area in grounds(user, "sheet.import")}


def area_of(here: list[Area]) -> str:
    """Where a ledger belongs: the village of who brings it, else the town."""
    return here[0].code if len(here) == 1 else here[0].code[:9].ljust(12, "0")


@login_required
@require_http_methods(["GET", "POST"])
def ledgers(request: HttpRequest) -> HttpResponse:
    """Upload an old ledger; below, those that one uploaded before."""
    _must(request)
    here = grounds(request.user, "sheet.import")
    form = LedgerForm(request.POST or None, request.FILES or None, grounds=here)
    if request.method == "POST" and form.is_valid():
        try:
            ledger = received(request.user, form.cleaned_data, area_of(here))
        except excel.NotExcel as error:
            form.add_error("workbook", str(error))
        except Refused as refusal:
            form.add_error("workbook", refusal.reason)
        else:
            return redirect("ledger-columns", ledger.pk)
    rows = Ledger.objects.seen_by(request.user).filter(by=request.user).select_related("kind")[:20]
    context = {"form": form, "rows": rows, "forms": Form.objects.in_use()}
    return render(request, "survey/ledgers.html", context, status=422 if form.errors else 200)


def received(user: User, told: dict[str, Any], area: str) -> Ledger:
    """Check and keep an uploaded workbook. Raises NotExcel or Refused."""
    upload = told["workbook"]
    data = files.bytes_of(upload, upload.name)
    form = Form.objects.latest_of(told["kind"].pk)
    if form is None:
        raise Refused(_("这一类还没有调查表。"), code="invalid")
    return keep(form, upload.name, data, user, area, village=told["village"])


def keep(form: Form, name: str, data: bytes, user: User, area: str, village: str = "") -> Ledger:
    """A ledger with its columns guessed. Raises NotExcel."""
    reading = read_heads(excel.read(data), form)
    ledger = Ledger(
        area=area, kind=form.kind, form=form, name=name[:200], village=village, by=user, page=reading.page[:60],
        head=reading.head, depth=reading.depth, columns=reading.columns,
    )  # fmt: skip
    store.put(ledger, "original", data)
    ledger.save()
    return ledger


@login_required
@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, pk: Any) -> HttpResponse:
    """Which column is what: guessed, to be put right; kept for the next ledger of the same make."""
    _must(request)
    ledger = _mine(request, pk)
    try:
        page = trial.open_page(ledger)
    except Refused as refusal:
        return _gone(request, refusal)
    headings = page.headings(ledger.head, ledger.depth)
    wrong: dict[int, str] = {}
    if request.method == "POST":
        chosen = [request.POST.get(f"column-{at}", "") for at in range(len(headings))]
        wrong = _wrong(chosen, ledger)
        if not wrong:
            ledger.columns = chosen
            ledger.save(update_fields=["columns"])
            remember(ledger.form, headings, chosen, request.user)
            return _start(request, ledger, "try")
        ledger.columns = chosen
    context = {
        "ledger": ledger, "lines": _lines(ledger, page, headings, wrong), "wrong": wrong,
        "merged": bool(page.merged_heads(ledger.head)), "targets": _targets(ledger.form),
        "known": sum(bool(name) for name in ledger.columns),
    }  # fmt: skip
    return render(request, "survey/columns.html", context, status=422 if wrong else 200)


def _wrong(chosen: list[str], ledger: Ledger) -> dict[int, str]:
    """Columns that name a question twice or none that there is; -1 for what is wanting as a whole."""
    known, found = {value for _group, items in _targets(ledger.form) for value, _name in items}, {}
    for at, name in enumerate(chosen):
        if name and name not in known:
            found[at] = _("没有这一项。")
        elif name and name in chosen[:at]:
            found[at] = _("这一项已对应前面的一列，请只选一列。")
    if "operator_name" not in chosen:
        found[-1] = _("请指明哪一列是经营者姓名。")
    elif "village" not in chosen and not ledger.village:
        found[-1] = _("请指明哪一列是村（社区）；表里没有的，回上一步选一个村。")
    return found


def _targets(form: Form) -> list[tuple[str, list[tuple[str, str]]]]:
    held = {question["name"] for question in columns_of(form)}
    groups = []
    for group in form.definition["groups"]:
        items = [(q["name"], f"{q['code']} {label(q)}") for q in group["questions"] if q["name"] in held]
        if any(name == "location" for name, _label in items):
            items += list(zip(HALVES, (_("纬度"), _("经度")), strict=True))
        if items:
            groups.append((label(group), items))
    return groups


def _lines(ledger: Ledger, page: excel.Page, headings: list[str], wrong: dict[int, str]) -> list[dict[str, Any]]:
    below = [row.values for row in page.rows if row.number > ledger.head][:SAMPLES]
    return [
        {
            "at": at, "heading": heading or _("（没有表头）"),
            "name": ledger.columns[at] if at < len(ledger.columns) else "",
            "sample": [masked(values[at]) for values in below if at < len(values) and values[at] is not None],
            "error": wrong.get(at, ""),
        }
        for at, heading in enumerate(headings)
    ]  # fmt: skip


def masked(value: excel.Cell) -> str:
    """A cell to be looked at: long numbers are nobody's business on a screen."""
    return _LONG.sub(lambda found: cn.mask_id(found[0]) if len(found[0]) > 14 else cn.mask_phone(found[0]), str(value))


@login_required
@require_GET
def ledger(request: HttpRequest, pk: Any) -> HttpResponse:
    """What the trial run said, or what came of the import."""
    found = _mine(request, pk)
    if not found.result:
        return redirect("ledger-columns", found.pk)
    sheets = Sheet.objects.seen_by(request.user).filter(ledger=found)
    sample = found.result.get("sample", [])
    names = names_of(row["area"] for row in sample)
    context = {
        "ledger": found, "result": found.result,
        "sample": [{**row, "area": names.get(row["area"], "")} for row in sample],
        "waiting": sheets.filter(state="received").count(), "filed": sheets.filter(state="filed").count(),
        "kept": found.closed_at is None,
    }  # fmt: skip
    return render(request, "survey/ledger.html", context)


@login_required
@require_GET
def marked(request: HttpRequest, pk: Any) -> HttpResponse:
    """The workbook back, every error marked in its cell."""
    found = _mine(request, pk)
    try:
        data = store.get(found, "marked")
    except Refused as refusal:
        return _gone(request, refusal)
    stem = found.name.rsplit(".", 1)[0]
    return sent(data, XLSX, _("%(name)s-错误已标出.xlsx") % {"name": stem})


@login_required
@require_POST
def go(request: HttpRequest, pk: Any, step: str) -> HttpResponse:
    """Import the good rows (`take`), or file what was imported (`file`)."""
    _must(request)
    found = _mine(request, pk)
    if not found.result or step not in ACTS:
        return redirect("ledger-columns", found.pk)
    return _start(request, found, step)


def _start(request: HttpRequest, found: Ledger, step: str) -> HttpResponse:
    """Do it now, or in the background with a page that shows the progress."""
    name, act = ACTS[step]
    try:
        if _size(found, step) > AT_ONCE:
            path = f"sanxiao.survey.ledgers.{act.__name__}"
            job = jobs.enqueue(path, f"{name}：{found.name}", request.user, ledger=str(found.pk))
            return redirect("job", job.pk)
        said = act(Job(by=request.user, facts={"ledger": str(found.pk)}), quiet=True)
    except Refused as refusal:
        return _gone(request, refusal)
    messages.success(request, said["said"])
    return redirect(found)


def _size(found: Ledger, step: str) -> int:
    waiting = Sheet.objects.filter(ledger=found, state="received")
    return waiting.count() if step == "file" else len(trial.open_page(found).rows)


def _gone(request: HttpRequest, refusal: Refused) -> HttpResponse:
    messages.error(request, refusal.reason)
    return redirect("ledgers")


def _tell(job: Job, quiet: bool) -> trial.Tell | None:
    return None if quiet else lambda done, total: jobs.step(job, done, total)


def _ledger_of(job: Job) -> Ledger:
    return Ledger.objects.select_related("form", "kind").get(pk=job.facts["ledger"])


def try_job(job: Job, quiet: bool = False) -> dict[str, Any]:
    """The trial run, in the background or at once."""
    found = _ledger_of(job)
    said = trial.try_out(found, villages_of(found.by), _tell(job, quiet))
    words = _("试读完成：可导入 %(good)d 行，已有 %(taken)d 行，有错 %(bad)d 行。")
    counts = {"good": len(said.good), "taken": said.taken, "bad": len(said.bad)}
    return {"said": words % counts, "url": found.get_absolute_url()}


def take_job(job: Job, quiet: bool = False) -> dict[str, Any]:
    """The import, in the background or at once; safe to run twice."""
    found = _ledger_of(job)
    done = trial.take(found, found.by, villages_of(found.by), _tell(job, quiet))
    return {"said": _("已导入 %(n)d 张调查表，等待建档。") % {"n": done}, "url": found.get_absolute_url()}


def file_job(job: Job, quiet: bool = False) -> dict[str, Any]:
    """Filing all that is plain, in the background or at once; safe to run twice."""
    found = _ledger_of(job)
    done = trial.file_all(found, found.by, _tell(job, quiet))
    words = _("已建档 %(made)d 户；%(left)d 张疑似重复，需要逐张看。")
    found.result = {**found.result, "left": [[str(s.pk), s.name, why] for s, why in done.left[:200]]}
    found.save(update_fields=["result"])
    return {"said": words % {"made": done.made, "left": len(done.left)}, "url": found.get_absolute_url()}


ACTS = {
    "try": (gettext_lazy("试读"), try_job),
    "take": (gettext_lazy("导入"), take_job),
    "file": (gettext_lazy("建档"), file_job),
}
