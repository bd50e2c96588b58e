"""A run on its way: upload, check, import, revert."""

from typing import Final

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tasuki.connect import tasks
from tasuki.connect.mapping import Entity
from tasuki.connect.models import ImportProblem, ImportRun
from tasuki.connect.operations import runs
from tasuki.connect.problems import Rule
from tasuki.connect.queries import files_of, problems_of, recent_runs, saved_mappings
from tasuki.core.access import Capability
from tasuki.core.labels import Label
from tasuki.journeys.actor import Actor
from tasuki.journeys.operations.reverting import preview_revert
from tasuki.journeys.operations.worked_on import worked_on_records
from tasuki.people.access import requires, user_of
from tasuki.ui.render import page

_TABLES: Final = {
    "event": Label("履歴の記録", "Journal lines"),
    "activity": Label("活動", "Activities"),
    "deal_change": Label("金額の履歴", "Deal amounts"),
    "subscription": Label("契約期間", "Subscription periods"),
    "stay": Label("ステージの滞在", "Stays in stages"),
    "journey": Label("ジャーニー", "Journeys"),
    "person": Label("担当者", "Contacts"),
    "account": Label("取引先企業", "Accounts"),
    "spend": Label("費用", "Spend"),
    "campaign": Label("施策", "Campaigns"),
    "channel": Label("チャネル", "Channels"),
    "user": Label("利用者", "Users"),
}
PAGE_SIZE: Final = 50
MEGABYTE: Final = 1024 * 1024


@require_safe
@requires(Capability.IMPORT)
def imports(request: HttpRequest) -> HttpResponse:
    """List the imports, the newest first."""
    shown = Paginator(recent_runs(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"runs": shown, "total": shown.paginator.count, "mappings": saved_mappings()}
    return page(request, "connect/imports.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.IMPORT)
def new_import(request: HttpRequest) -> HttpResponse:
    """Take files. What is announced as too large is refused before any of it is read."""
    limit = runs.max_bytes()
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if request.method == "POST" and announced.isdecimal() and int(announced) > limit:
        text = _("That is %(size)s MB together; the limit is %(limit)s MB. Split the files.") % {
            "size": int(announced) // MEGABYTE,
            "limit": limit // MEGABYTE,
        }
        return _upload_page(request, error=text, status=413)
    return _new_import(request)


@csrf_protect
def _new_import(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _upload_page(request)
    files = request.FILES.getlist("files")
    if not files:
        return _upload_page(request, error=_("Choose at least one file."), status=422)
    user = user_of(request)
    run = runs.upload_files(
        uploads=(runs.Upload(name=file.name or "", pieces=file.chunks()) for file in files),
        actor=Actor(user_id=user.pk, kind="user", label=user.full_name),
        now=timezone.now(),
    )
    return HttpResponseRedirect(reverse("connect:mapping", args=[run.pk]))


@require_safe
@requires(Capability.IMPORT)
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show a run: what it would do or did, its problems, what can be done next."""
    found = get_object_or_404(ImportRun.objects.select_related("actor"), pk=run_id)
    severity, rule = request.GET.get("severity", ""), request.GET.get("rule", "")
    problems = problems_of(run_id=run_id, severity=severity, rule=rule)
    context = {
        **_status(found),
        "files": files_of(run_id=run_id),
        "problems": _problem_page(request, problems),
        "severity": severity,
        "rule": rule,
        "tally": _tally(found),
        "revert": _revert_preview(found),
        "rule_name": _rule_name,
        "table_name": _table_name,
    }
    return page(request, "connect/run.html", context, fragment="problems")


@require_safe
@requires(Capability.IMPORT)
def progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """Answer how far a run is; once it is over, have the whole page shown anew."""
    found = get_object_or_404(ImportRun, pk=run_id)
    status = _status(found)
    if not found.is_busy or status["interrupted"]:
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    return page(request, "connect/progress.html", status)


@require_POST
@requires(Capability.IMPORT)
def preview(request: HttpRequest, run_id: int) -> HttpResponse:
    """Have a run checked."""
    try:
        runs.request_preview(run_id=run_id, now=timezone.now())
    except runs.UnableToStart:
        return _refused(request, run_id)
    tasks.preview_run.enqueue(run_id=run_id)
    return _to_run(run_id)


@require_POST
@requires(Capability.IMPORT)
def commit(request: HttpRequest, run_id: int) -> HttpResponse:
    """Have a run imported, with or without its rows in error left out."""
    skip = request.POST.get("skip_errors") == "on"
    try:
        runs.request_commit(run_id=run_id, skip_errors=skip, now=timezone.now())
    except runs.UnableToStart:
        return _refused(request, run_id)
    tasks.commit_run.enqueue(run_id=run_id)
    return _to_run(run_id)


@require_POST
@requires(Capability.IMPORT)
def cancel(request: HttpRequest, run_id: int) -> HttpResponse:
    """Ask a running import to stop; what it wrote is rolled back."""
    runs.request_cancel(run_id=run_id)
    found = get_object_or_404(ImportRun, pk=run_id)
    if request.headers.get("HX-Request") and found.is_busy:
        return page(request, "connect/progress.html", _status(found))
    return _to_run(run_id)


@require_POST
@requires(Capability.IMPORT)
def revert(request: HttpRequest, run_id: int) -> HttpResponse:
    """Have an import taken back."""
    keep = request.POST.get("keep_worked_on") == "on"
    try:
        runs.request_revert(run_id=run_id, keep_worked_on=keep, now=timezone.now())
    except runs.UnableToStart:
        return _refused(request, run_id)
    tasks.revert_run.enqueue(run_id=run_id)
    return _to_run(run_id)


@require_POST
@requires(Capability.IMPORT)
def discard(request: HttpRequest, run_id: int) -> HttpResponse:
    """Remove a run that wrote nothing, and its files."""
    get_object_or_404(ImportRun, pk=run_id)
    try:
        runs.discard(run_id=run_id)
    except runs.UnableToStart:
        return _refused(request, run_id)
    messages.success(request, _("The files are removed. Nothing had been imported."))
    return HttpResponseRedirect(reverse("connect:imports"))


def _upload_page(request: HttpRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    context = {"error": error, "limit": runs.max_bytes() // MEGABYTE}
    return page(request, "connect/new.html", context, status=status)


def _status(found: ImportRun) -> dict[str, object]:
    return {
        "run": found,
        "state": found.get_state_display(),
        "interrupted": runs.is_interrupted(found, now=timezone.now()),
        "waiting": found.is_busy and found.heartbeat_at is None,
    }


def _problem_page(request: HttpRequest, problems: QuerySet[ImportProblem]) -> Page[ImportProblem]:
    return Paginator(problems, PAGE_SIZE).get_page(request.GET.get("page"))


def _tally(found: ImportRun) -> list[tuple[object, dict[str, int]]]:
    return [(Entity(name).label, counts) for name, counts in found.tally.items()]


def _revert_preview(found: ImportRun) -> dict[str, object] | None:
    if found.state != ImportRun.State.COMMITTED or found.batch_id is None:
        return None
    planned = preview_revert(batch_id=found.batch_id)
    return {
        "removes": planned.removes,
        "restores": planned.restores,
        "worked_on": planned.kept.count,
        "records": worked_on_records(kept=planned.kept) if planned.kept else [],
    }


def _rule_name(code: str) -> str:
    return Rule(code).label.text(get_language() or "ja")


def _table_name(entity: str) -> str:
    return _TABLES[entity].text(get_language() or "ja")


def _refused(request: HttpRequest, run_id: int) -> HttpResponse:
    get_object_or_404(ImportRun, pk=run_id)
    messages.warning(request, _("That is not possible now: the import has moved on meanwhile."))
    return _to_run(run_id)


def _to_run(run_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("connect:run", args=[run_id]))
