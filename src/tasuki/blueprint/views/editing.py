"""What the pages of a draft share: the draft, who saves it, and what they are told."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tasuki.blueprint.models import BlueprintDraft
from tasuki.blueprint.operations import Save
from tasuki.blueprint.queries.findings import Examined, Finding, examine, findings
from tasuki.blueprint.queries.versions import drafts
from tasuki.core.access import Capability
from tasuki.people.access import user_of

RIGHT = Capability.EDIT_BLUEPRINT


@dataclass(frozen=True, slots=True)
class Opened:
    """A draft with what its text says, and what keeps it from going live."""

    draft: BlueprintDraft
    examined: Examined

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything to put right, each with its place."""
        listed = (*self.examined.problems, *self.examined.gaps)
        return findings(draft=self.draft, problems=listed)


def open_draft(draft_id: int) -> Opened:
    """Return a draft, or answer that there is none (404)."""
    draft = get_object_or_404(drafts(), pk=draft_id)
    return Opened(draft, examine(draft.text))


def save_of(request: HttpRequest) -> Save:
    """Return who saves, when, and the state of the draft that they had before them."""
    revision = str(request.POST.get("revision", ""))
    seen = int(revision) if revision.isdecimal() and len(revision) < 10 else 0
    return Save(by=user_of(request), now=timezone.now(), revision=seen)


def tell_moved_on(request: HttpRequest, draft: BlueprintDraft) -> None:
    """Say that somebody else has saved meanwhile."""
    text = _(
        "%(name)s has saved this draft meanwhile. What you entered is still here: look it over "
        "and save again."
    )
    messages.warning(request, text % {"name": draft.updated_by.full_name})


def to_text(request: HttpRequest, draft: BlueprintDraft) -> HttpResponseRedirect:
    """Send somebody to the text, for a draft that is no YAML can only be put right there."""
    messages.warning(request, _("The text cannot be read as YAML. Put that right first."))
    return HttpResponseRedirect(reverse("blueprint:text", args=[draft.pk]))
