"""Pages on people and the dated settings."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanxiao.docket import calendars, terms
from sanxiao.docket.flow import log
from sanxiao.docket.models import Event, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.office.duties import may, may_read, scope_of
from sanxiao.office.models import Post, User
from sanxiao.office.now import today
from sanxiao.web import people
from sanxiao.web.forms import CalendarForm, PersonForm, PostForm, RuleForm, offices_of

MARKS = {
    "V": gettext_lazy("已核对原文"),
    "S": gettext_lazy("见官方页面，未读全文"),
    "D": gettext_lazy("据公开草案"),
    "N": gettext_lazy("外省规定，仅作参照"),
    "U": gettext_lazy("未核实"),
    "I": gettext_lazy("法律推断，待法制机构确认"),
    "P": gettext_lazy("本系统建议"),
}


def _managed(request: HttpRequest) -> Any:
    """Offices whose people one manages; 404 for everybody else."""
    if not may(request.user, "people.manage"):
        raise Http404
    return offices_of(request.user)


@login_required
@require_GET
def persons(request: HttpRequest) -> HttpResponse:
    """All people of one's offices, by office, with their posts of today."""
    offices = _managed(request)
    posts = (
        Post.objects.on().filter(office__in=offices).select_related("user", "office").order_by("office__area", "office")
    )
    text = request.GET.get("q", "").strip()
    if text:
        posts = posts.filter(
            Q(user__name__icontains=text) | Q(user__username__icontains=text) | Q(office__name__icontains=text)
        )
    manned = set(posts.values_list("office_id", flat=True))
    empty = [] if text else [o for o in offices if o.pk not in manned]
    return render(request, "web/people.html", {"posts": posts, "q": text, "empty": empty})


@login_required
@require_http_methods(["GET", "POST"])
def person_new(request: HttpRequest) -> HttpResponse:
    """A new account; its first password is shown once."""
    _managed(request)
    form = PersonForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        user, password = people.add(request.user, **form.cleaned_data)
        return render(request, "web/password.html", {"person": user, "password": password})
    context = {"form": form, "title": _("新增人员"), "button": _("新增"), "back": "people"}
    return render(request, "web/form.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def person(request: HttpRequest, username: str) -> HttpResponse:
    """One person: posts past and present, and what can be done."""
    offices = _managed(request)
    found = get_object_or_404(User.objects.filter(posts__office__in=offices).distinct(), username=username)
    posts = found.posts.select_related("office")
    return render(request, "web/person.html", {"person": found, "posts": posts, "form": PostForm(user=request.user)})


@login_required
@require_POST
def person_act(request: HttpRequest, username: str, act: str) -> HttpResponse:
    """Appoint, transfer, end a post, reset the password, open or close the account."""
    offices = _managed(request)
    found = get_object_or_404(User.objects.filter(posts__office__in=offices).distinct(), username=username)
    try:
        if act == "password":
            password = people.reset_password(request.user, found)
            return render(request, "web/password.html", {"person": found, "password": password})
        if act in ("appoint", "transfer"):
            form = PostForm(request.POST, user=request.user)
            if not form.is_valid():
                posts = found.posts.select_related("office")
                return render(request, "web/person.html", {"person": found, "posts": posts, "form": form}, status=422)
            told = form.cleaned_data
            if act == "appoint":
                people.appoint(request.user, found, told["office"], told["title"], told["since"])
            else:
                post = get_object_or_404(found.posts, pk=request.POST.get("post"), office__in=offices)
                people.transfer(request.user, post, told["office"], told["title"], told["since"])
        elif act == "end":
            post = get_object_or_404(found.posts, pk=request.POST.get("post"), office__in=offices)
            people.end(request.user, post, today() - timedelta(days=1))
        else:
            raise Http404
    except Refused as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, _("已办理，并已记入日志。"))
    return redirect("person", username)


@login_required
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """Settings: every dated row with its clause, the mark of its source, and where it is unsure."""
    if not may(request.user, "rule.manage") and not may(request.user, "desk.lead"):
        raise Http404
    rows = Rule.objects.defer("value").exclude(key__startswith="map.").exclude(key__startswith="labels.")
    text, mark = request.GET.get("q", "").strip(), request.GET.get("mark", "")
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(key__icontains=text) | Q(law__icontains=text))
    if mark in MARKS:
        rows = rows.filter(mark=mark)
    context = {"rows": rows, "marks": MARKS, "q": text, "mark": mark, "may_manage": may(request.user, "rule.manage"),
               "may_keep": may_read(request.user, "keeping")}  # fmt: skip
    return render(request, "web/rules.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """One setting: its rows over time; a change is a new row from a day on."""
    found = get_object_or_404(Rule, pk=pk)
    if not may(request.user, "rule.manage", found) and not may(request.user, "desk.lead", found):
        raise Http404
    form = RuleForm(request.POST or None, rule=found)
    if request.method == "POST":
        if not may(request.user, "rule.manage", found):
            raise Http404
        if form.is_valid():
            new = _succeed(found, form, request.user)
            messages.success(request, _("新值自 %(day)s 起生效；此前受理的仍按旧值。") % {"day": new.since})
            return redirect("rule", new.pk)
    rows = Rule.objects.filter(key=found.key, area=found.area).order_by("-since")
    context = {"rule": found, "rows": rows, "form": form, "mark": MARKS.get(found.mark, found.mark)}
    context["may_manage"] = may(request.user, "rule.manage", found)
    return render(request, "web/rule.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _succeed(old: Rule, form: RuleForm, by: User) -> Rule:
    """The new row begins, the old one ends the day before; terms counted provisionally are counted anew."""
    told = form.cleaned_data
    Rule.objects.filter(pk=old.pk).update(until=told["since"] - timedelta(days=1))
    new = Rule.objects.create(
        key=old.key, area=old.area, name=old.name, name_en=old.name_en, unit=old.unit, value=told["text"],
        since=told["since"], law=told["law"], mark=told["mark"], source=told["source"], note=told["note"],
    )  # fmt: skip
    seat = scope_of(by).seat_for("rule.manage", old.area)
    facts = {"key": old.key, "since": new.since, "changes": {"value": [old.value, new.value]}}
    log(people.Entry("docket.rule", new), "amend", by, seat, facts=facts)
    terms.recount()
    return new


@login_required
@require_http_methods(["GET", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """The yearly notice on holidays and worked weekends: which years are known, and loading one more."""
    if not may(request.user, "rule.manage"):
        raise Http404
    form = CalendarForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            year, days, counted = calendars.load_year(form.cleaned_data["text"])
        except Refused as refusal:
            form.add_error("text", refusal.reason)
        else:
            said = _("%(year)d 年已装入 %(days)d 天，重新计算了 %(counted)d 个期限。")
            messages.success(request, said % {"year": year, "days": days, "counted": counted})
            return redirect("calendar")
    context = {"form": form, "years": calendars.years_loaded()}
    return render(request, "web/calendar.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def logbook(request: HttpRequest) -> HttpResponse:
    """What was done to people, posts and settings, newest first."""
    _managed(request)
    rows = Event.objects.filter(kind__in=("office.post", "docket.rule")).order_by("-id")[:200]
    return render(request, "web/logbook.html", {"events": rows})
