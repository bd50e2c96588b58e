"""What the forms of companies and people share."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from tasuki.journeys.models import Account, Person
from tasuki.records.views.journey_frame import Sheet, plain_groups, sheet_page
from tasuki.ui.render import wants_fragment


@dataclass(frozen=True, slots=True, kw_only=True)
class Editing:
    """A form of a record: its title, the page behind it, and the record as it is now."""

    title: str
    back: str
    record: Account | Person


def saved(request: HttpRequest, back: str) -> HttpResponse:
    """Answer a change that was written: back to the record, with a word that it worked."""
    messages.success(request, _("The details are saved."))
    if wants_fragment(request):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = back
        return response
    return HttpResponseRedirect(back)


def show_party_form(
    request: HttpRequest, form: forms.Form, editing: Editing, *, is_stale: bool
) -> HttpResponse:
    """Show the form; when somebody else saved first, what was typed is kept over their state."""
    if is_stale:
        kept = request.POST.copy()
        editing.record.refresh_from_db()
        kept["revision"] = str(editing.record.revision)
        form.data = kept
        form.add_error(
            None,
            _("Somebody else saved this record first. What you typed is kept: save it again."),
        )
    sheet = Sheet(
        title=editing.title,
        action=request.path,
        submit=_("Save"),
        back=editing.back,
        form=form,
        groups=plain_groups(form),
    )
    status = 409 if is_stale else 422 if form.is_bound else 200
    return sheet_page(request, sheet, status=status)
