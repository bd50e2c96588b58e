"""The process as everybody signed in may read it: now, before, and what changed between."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from tasuki.blueprint.queries.picture import picture
from tasuki.blueprint.queries.versions import (
    changes_between,
    drafts,
    former_of,
    version_rows,
)
from tasuki.blueprint.queries.versions import versions as all_versions
from tasuki.core.access import Capability
from tasuki.journeys.models import BlueprintVersion
from tasuki.journeys.queries.blueprints import kept_blueprint
from tasuki.people.access import access_of, user_of
from tasuki.ui.render import page

RIGHT = Capability.EDIT_BLUEPRINT


@require_safe
def process(request: HttpRequest) -> HttpResponse:
    """Show the process in force: stages, gates, contracts, reasons and deadlines."""
    current = all_versions().filter(is_current=True).first()
    if current is None:
        return page(request, "blueprint/empty.html", status=404)
    return _show(request, current)


@require_safe
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show the process as it was published then."""
    return _show(request, get_object_or_404(all_versions(), pk=version_id))


@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """List the versions: who published each, when, why, and how much it changed."""
    context = {"rows": version_rows(), "may_edit": _may_edit(request), "drafts": _drafts(request)}
    return page(request, "blueprint/versions.html", context)


@require_safe
def changes(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show what a version changed: against the one before it, or any other."""
    chosen = get_object_or_404(all_versions(), pk=version_id)
    asked = request.GET.get("against", "")
    if asked.isdecimal():
        other = get_object_or_404(BlueprintVersion, pk=int(asked))
    else:
        other = former_of(chosen) or chosen
    context = {
        "version": chosen,
        "against": other,
        "changes": changes_between(other.pk, chosen.pk),
        "choices": [(row.pk, str(row)) for row in all_versions() if row.pk != chosen.pk],
    }
    return page(request, "blueprint/version_changes.html", context)


@require_safe
def text(request: HttpRequest, version_id: int) -> HttpResponse:
    """Give a version as the file that was published."""
    chosen = get_object_or_404(BlueprintVersion, pk=version_id)
    response = HttpResponse(chosen.text, content_type="text/plain; charset=utf-8")
    name = f"{chosen.key}-v{chosen.version}.yaml"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _show(request: HttpRequest, chosen: BlueprintVersion) -> HttpResponse:
    context = {
        "version": chosen,
        "picture": picture(blueprint=kept_blueprint(version_id=chosen.pk).blueprint),
        "may_edit": _may_edit(request),
        "drafts": _drafts(request),
        "former": former_of(chosen),
    }
    return page(request, "blueprint/process.html", context)


def _may_edit(request: HttpRequest) -> bool:
    return access_of(user_of(request)).allows(RIGHT)


def _drafts(request: HttpRequest) -> list[object]:
    return list(drafts()) if _may_edit(request) else []
