"""Finding records that are the same, merging them, and taking a merge back."""

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tasuki.core.access import Capability
from tasuki.journeys.models import Merge
from tasuki.journeys.operations.merging import (
    UnableToMerge,
    UnableToUndoMerge,
    mark_different,
    merge,
    undo_merge,
)
from tasuki.journeys.operations.receipts import RequestRepeated
from tasuki.journeys.queries.identity import Entity, Pair, candidates, pair_of, recent_merges
from tasuki.people.access import access_of, requires, user_of
from tasuki.records.queries.comparison import comparison_of, entity_of, merge_lines
from tasuki.records.views.frame import act_of
from tasuki.ui.render import page

PAGE_SIZE = 20


@require_safe
@requires(Capability.MERGE)
def duplicates(request: HttpRequest) -> HttpResponse:
    """List pairs that may be one, with the reasons, and the merges made."""
    entity = entity_of(request.GET.get("entity", "account")) or "account"
    number = _number(request.GET.get("page", "1"))
    found = candidates(entity=entity, offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    address = reverse("records:duplicates")

    def at(page_number: int) -> str:
        return f"{address}?{urlencode({'entity': entity, 'page': page_number})}"

    context = {
        "entity": entity,
        "found": found,
        "merges": merge_lines(recent_merges()),
        "previous": at(number - 1) if number > 1 else None,
        "next": at(number + 1) if number * PAGE_SIZE < found.total else None,
        "sees_personal_data": access_of(user_of(request))
        .reach(Capability.SEE_PERSONAL_DATA)
        .everything,
    }
    return page(request, "records/duplicates.html", context, fragment="results")


@require_http_methods(["GET", "POST"])
@requires(Capability.MERGE)
def comparison(request: HttpRequest, word: str, first_id: int, second_id: int) -> HttpResponse:
    """Show two records side by side, and merge them into the one that is chosen."""
    pair = _pair(word, first_id, second_id)
    refusal = ""
    chosen = request.POST.get("winner", str(pair.first.pk))
    if request.method == "POST":
        ids = {str(pair.first.pk): pair.second.pk, str(pair.second.pk): pair.first.pk}
        if chosen not in ids:
            refusal = _("Choose which record stays.")
        else:
            try:
                merge(
                    entity=pair.entity,
                    winner_id=int(chosen),
                    loser_id=ids[chosen],
                    act=act_of(request, key=request.POST.get("request_key", "")[:100] or None),
                )
            except RequestRepeated:
                return _back(request, pair.entity, _("This was saved before."))
            except UnableToMerge:
                refusal = _("One of the two was merged meanwhile. Look at the list again.")
            else:
                return _back(request, pair.entity, _("Merged. It can be undone below."))
    sees = access_of(user_of(request)).reach(Capability.SEE_PERSONAL_DATA).everything
    context = {
        "comparison": comparison_of(pair=pair, sees_personal_data=sees),
        "chosen": chosen,
        "refusal": refusal,
        "request_key": str(uuid.uuid4()),
        "sees_personal_data": sees,
    }
    return page(request, "records/merge.html", context, status=422 if refusal else 200)


@require_POST
@requires(Capability.MERGE)
def different(request: HttpRequest, word: str, first_id: int, second_id: int) -> HttpResponse:
    """Remember that two records are not the same; they are not suggested again."""
    pair = _pair(word, first_id, second_id)
    mark_different(entity=pair.entity, ids=(pair.first.pk, pair.second.pk), act=act_of(request))
    return _back(request, pair.entity, _("Noted: they are not the same."))


@require_POST
@requires(Capability.MERGE)
def undo(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Take a merge back: both records as they were."""
    merged = get_object_or_404(Merge, pk=merge_id)
    entity = entity_of(merged.entity) or "account"
    try:
        undo_merge(merge_id=merge_id, act=act_of(request))
    except UnableToUndoMerge as refused:
        text = (
            _("This merge was undone before.")
            if refused.rule == "already_undone"
            else _("A later merge of the same record must be undone first.")
        )
        messages.error(request, text)
        return HttpResponseRedirect(_list_address(entity))
    return _back(request, entity, _("The merge is undone: both records are there again."))


def _pair(word: str, first_id: int, second_id: int) -> Pair:
    entity = entity_of(word)
    pair = (
        pair_of(entity=entity, first_id=first_id, second_id=second_id)
        if entity and first_id != second_id
        else None
    )
    if pair is None:
        raise Http404
    return pair


def _back(request: HttpRequest, entity: Entity, text: str) -> HttpResponse:
    messages.success(request, text)
    return HttpResponseRedirect(_list_address(entity))


def _list_address(entity: str) -> str:
    return f"{reverse('records:duplicates')}?entity={entity}"


def _number(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 1
    return max(number, 1)
