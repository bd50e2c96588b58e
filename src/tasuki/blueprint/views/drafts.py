"""A draft as a whole: begun, looked at, written as text, carried over, dropped."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tasuki.blueprint import operations
from tasuki.blueprint.forms.parts import PARTS
from tasuki.blueprint.forms.shared import ITEMS
from tasuki.blueprint.sheet import Sheet
from tasuki.blueprint.views.editing import RIGHT, Opened, open_draft, save_of, tell_moved_on
from tasuki.core.blueprint import Stage
from tasuki.core.blueprint.reader import MAX_LENGTH
from tasuki.core.blueprint.readiness import open_boundaries
from tasuki.journeys.models import BlueprintVersion
from tasuki.people.access import requires, user_of
from tasuki.ui.render import page


@require_POST
@requires(RIGHT)
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a draft from any version; published, it is a new version all the same."""
    asked = str(request.POST.get("version", ""))
    source = get_object_or_404(BlueprintVersion, pk=int(asked) if asked.isdecimal() else 0)
    made = operations.begin_draft(text=source.text, by=user_of(request), now=timezone.now())
    messages.success(
        request, _("The draft is yours to change. Nothing is in force before you publish.")
    )
    return HttpResponseRedirect(reverse("blueprint:draft", args=[made.pk]))


@require_safe
@requires(RIGHT)
def draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Show the parts of a draft and what keeps it from going live."""
    opened = open_draft(draft_id)
    context = {
        "opened": opened,
        "draft": opened.draft,
        "findings": opened.findings,
        "listed": _parts(opened),
        "items": ITEMS,
        "boundaries": _boundaries(opened),
    }
    return page(request, "blueprint/draft.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
def text(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Write the draft as YAML; it is kept as typed, and every mistake is told with its line."""
    opened = open_draft(draft_id)
    if request.method != "POST":
        return _text_page(request, opened, opened.draft.text)
    typed = str(request.POST.get("text", "")).replace("\r\n", "\n").replace("\x00", "")
    if len(typed) > MAX_LENGTH:
        messages.error(request, _("Too long: at most %(num)s characters.") % {"num": MAX_LENGTH})
        return _text_page(request, opened, typed, status=422)
    try:
        operations.save_draft(draft_id=draft_id, text=typed, save=save_of(request))
    except operations.DraftMovedOn as moved:
        tell_moved_on(request, moved.draft)
        return _text_page(request, open_draft(draft_id), typed, status=409)
    _tell_saved(request, len(open_draft(draft_id).findings))
    return HttpResponseRedirect(reverse("blueprint:text", args=[draft_id]))


@require_POST
@requires(RIGHT)
def carry_over(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Go on from the version that went live meanwhile, its differences having been shown."""
    opened = open_draft(draft_id)
    try:
        operations.carry_over(draft_id=opened.draft.pk, save=save_of(request))
    except operations.DraftMovedOn as moved:
        tell_moved_on(request, moved.draft)
    else:
        messages.success(request, _("The draft now follows the version in force."))
    return HttpResponseRedirect(reverse("blueprint:changes", args=[draft_id]))


@require_POST
@requires(RIGHT)
def discard(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Drop a draft."""
    operations.discard_draft(draft_id=open_draft(draft_id).draft.pk)
    messages.success(request, _("The draft is gone. What is in force has not changed."))
    return HttpResponseRedirect(reverse("blueprint:process"))


def _boundaries(opened: Opened) -> list[tuple[Stage, Stage]]:
    """Where a contract is missing: the stages before and after."""
    blueprint = opened.examined.blueprint
    return list(open_boundaries(blueprint=blueprint)) if blueprint else []


def _parts(opened: Opened) -> list[tuple[object, list[tuple[str, str, int, int]]]]:
    """Each part with its entries: name, department, number of items, number of problems."""
    try:
        sheet = Sheet(opened.draft.text)
    except ValueError:
        return []
    problems = [problem.path for problem in opened.examined.problems]
    return [
        (
            part,
            [
                (
                    part.title_of(entry, sheet) if isinstance(entry, dict) else "",
                    str(entry.get("department", "")) if isinstance(entry, dict) else "",
                    len(sheet.entries(part.slug, index, ITEMS.get(part.slug, ""))),
                    sum(path.startswith(f"{part.slug}[{index}]") for path in problems),
                )
                for index, entry in enumerate(sheet.entries(part.slug))
            ],
        )
        for part in PARTS.values()
    ]


def _text_page(
    request: HttpRequest, opened: Opened, typed: str, *, status: int = 200
) -> HttpResponse:
    context = {
        "opened": opened,
        "draft": opened.draft,
        "findings": opened.findings,
        "text": typed,
        "lines": typed.split("\n"),
    }
    return page(request, "blueprint/text.html", context, status=status)


def _tell_saved(request: HttpRequest, problems: int) -> None:
    if not problems:
        messages.success(request, _("Saved. The draft can go live as it is."))
        return
    text = ngettext(
        "Saved as it is. %(num)s thing is left to put right before it can go live.",
        "Saved as it is. %(num)s things are left to put right before it can go live.",
        problems,
    )
    messages.warning(request, text % {"num": problems})
