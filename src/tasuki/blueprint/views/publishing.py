"""The last look before a draft goes live: what changes, who is touched, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tasuki.blueprint import operations
from tasuki.blueprint.forms.publishing import PublishForm
from tasuki.blueprint.queries.responsible import departments_without_people
from tasuki.blueprint.queries.versions import changes_between
from tasuki.blueprint.views.editing import RIGHT, Opened, open_draft, save_of, tell_moved_on
from tasuki.core.blueprint import Blueprint, BlueprintInvalid
from tasuki.core.blueprint.difference import differences
from tasuki.journeys.models import BlueprintVersion
from tasuki.journeys.operations.setup import BlueprintMovedOn, StillInUse
from tasuki.journeys.queries.blueprint_impact import Held, Impact, blueprint_impact
from tasuki.journeys.queries.blueprints import Published, kept_blueprint
from tasuki.people.access import requires
from tasuki.ui.render import page


@dataclass(frozen=True, slots=True)
class HeldLink:
    """What journeys still need, with the list of those journeys."""

    held: Held
    url: str


@require_safe
@requires(RIGHT)
def changes(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Show the difference, whom it touches, and the form that publishes."""
    opened = open_draft(draft_id)
    return _page(request, opened, PublishForm(initial={"note": opened.draft.note}))


@require_POST
@requires(RIGHT)
def publish(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Put the draft into force, or say why that is not possible; nothing is lost then."""
    opened = open_draft(draft_id)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _page(request, opened, form, status=422)
    note = form.cleaned_data["note"]
    operations.keep_note(draft_id=draft_id, note=note)
    try:
        version = operations.publish_draft(draft_id=draft_id, note=note, save=save_of(request))
    except operations.DraftMovedOn as moved:
        tell_moved_on(request, moved.draft)
    except (BlueprintInvalid, BlueprintMovedOn, StillInUse):
        # Each of these the page itself says, with the way out.
        messages.error(request, _("Not published. See below what stands in the way."))
    else:
        messages.success(request, _("Version %(num)s is in force.") % {"num": version.version})
        return HttpResponseRedirect(reverse("blueprint:process"))
    return _page(request, open_draft(draft_id), form, status=409)


def _page(
    request: HttpRequest, opened: Opened, form: PublishForm, *, status: int = 200
) -> HttpResponse:
    row = BlueprintVersion.objects.get(is_current=True)
    current = kept_blueprint(version_id=row.pk)
    proposed = opened.examined.blueprint
    sound = proposed if not opened.examined.problems else None
    impact = _impact(current, sound) if sound else None
    moved_on = row.pk != opened.draft.based_on_id
    context = {
        "opened": opened,
        "draft": opened.draft,
        "current": row,
        "moved_on": moved_on,
        "meanwhile": changes_between(opened.draft.based_on_id, row.pk) if moved_on else (),
        "changes": differences(before=current.blueprint, after=proposed) if proposed else (),
        "findings": opened.findings,
        "impact": impact,
        "held": _links(impact.held if impact else ()),
        "without_people": departments_without_people(blueprint=sound) if sound else (),
        "form": form,
        "may_go": bool(sound) and opened.examined.is_ready and not moved_on and not _held(impact),
    }
    return page(request, "blueprint/changes.html", context, status=status)


def _impact(current: Published, proposed: Blueprint) -> Impact:
    return blueprint_impact(
        current=current.blueprint, proposed=proposed, today=timezone.localdate()
    )


def _held(impact: Impact | None) -> Sequence[Held]:
    return impact.held if impact else ()


def _links(held: Sequence[Held]) -> list[HeldLink]:
    journeys = reverse("records:journeys")
    return [HeldLink(one, f"{journeys}?{urlencode(one.parameters)}") for one in held]
