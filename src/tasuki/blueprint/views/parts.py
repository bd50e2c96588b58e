"""The parts of a draft by forms: whatever is typed is kept, and what is wrong is told beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tasuki.blueprint import operations
from tasuki.blueprint.forms.parts import PARTS, Part, item_form, whole_form
from tasuki.blueprint.forms.shared import ITEMS, Text, named
from tasuki.blueprint.forms.slots import Form
from tasuki.blueprint.queries.findings import problems_under
from tasuki.blueprint.sheet import Entry, NoSuchPart, Sheet
from tasuki.blueprint.views.editing import (
    RIGHT,
    Opened,
    open_draft,
    save_of,
    tell_moved_on,
    to_text,
)
from tasuki.core.blueprint.reader import MAX_LENGTH
from tasuki.core.blueprint.readiness import open_boundaries
from tasuki.core.conditions import ConditionSyntaxError, check_condition, parse_condition
from tasuki.core.conditions.fields import STANDARD_FIELDS
from tasuki.core.conditions.wording import describe_condition
from tasuki.people.access import requires
from tasuki.ui.render import page
from tasuki.ui.speaking import language


@dataclass(frozen=True, slots=True)
class Place:
    """What one page edits: an entry of a list, or what belongs to the whole."""

    kind: Text
    path: tuple[str | int, ...]
    index: int
    form: Form
    url: str
    key: str = ""
    part: Part | None = None
    within: str = ""

    @property
    def base(self) -> str:
        """The path of the entry as problems write it."""
        if not self.path:
            return ""
        *above, last = self.path
        start = f"{above[0]}[{above[1]}]." if above else ""
        return f"{start}{last}[{self.index}]"

    @property
    def was(self) -> str:
        """The code by which the entry is known again after others have moved it."""
        return str(self.form.entry.get(self.key) or "") if self.key else ""


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
def whole(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Edit the name and the usual motion."""
    url = reverse("blueprint:whole", args=[draft_id])
    return _edit(
        request,
        draft_id,
        lambda sheet: Place(_("The process as a whole"), (), 0, whole_form(sheet), url),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
def part(request: HttpRequest, draft_id: int, part: str, index: int) -> HttpResponse:
    """Edit one entry of a part; the index after the last makes a new one."""
    spec = _part(part)

    def find(sheet: Sheet) -> Place:
        at = _found_again(sheet.entries(part), spec.key, request, index)
        url = reverse("blueprint:part", args=[draft_id, part, at])
        return Place(spec.singular, (part,), at, spec.form(sheet, at), url, spec.key, spec)

    return _edit(request, draft_id, find)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
def item(request: HttpRequest, draft_id: int, part: str, index: int, place: int) -> HttpResponse:
    """Edit one item of a gate or a contract; the index after the last makes a new one."""
    inner = _items_of(part)

    def find(sheet: Sheet) -> Place:
        key = PARTS[part].key
        within = _found_again(sheet.entries(part), key, request, index, "within")
        at = _found_again(sheet.entries(part, within, inner), "key", request, place)
        url = reverse("blueprint:item", args=[draft_id, part, within, at])
        form = item_form(sheet, part, within, at)
        owner = str(sheet.entry((part,), within).get(key) or "")
        return Place(_("Item"), (part, within, inner), at, form, url, "key", within=owner)

    return _edit(request, draft_id, find)


@require_POST
@requires(RIGHT)
def order(request: HttpRequest, draft_id: int, part: str, index: int) -> HttpResponse:
    """Move an entry up or down, or take it out."""
    back = reverse("blueprint:draft", args=[draft_id]) + f"#{_part(part).slug}"
    return _reorder(request, draft_id, (part,), index, back)


@require_POST
@requires(RIGHT)
def item_order(
    request: HttpRequest, draft_id: int, part: str, index: int, place: int
) -> HttpResponse:
    """Move an item up or down, or take it out."""
    back = reverse("blueprint:part", args=[draft_id, _part(part).slug, index]) + "#items"
    return _reorder(request, draft_id, (part, index, _items_of(part)), place, back)


@require_safe
@requires(RIGHT)
def condition(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Say what a condition means, or where it is wrong, while it is being typed."""
    opened = open_draft(draft_id)
    typed = str(request.GET.get("entry") or request.GET.get("when") or "")[:2000].strip()
    blueprint = opened.examined.blueprint
    fields = blueprint.fields if blueprint else STANDARD_FIELDS
    said, wrong = None, []
    if typed:
        try:
            tree = parse_condition(text=typed)
        except ConditionSyntaxError as error:
            where = {"num": error.position + 1}
            start = _("At character %(num)s:") % where
            wrong = [f"{start} {error.message.text(language())}"]
        else:
            said = describe_condition(condition=tree, fields=fields)
            problems = check_condition(condition=tree, fields=fields)
            wrong = [problem.message.text(language()) for problem in problems]
    context = {"said": said, "wrong": wrong}
    return page(request, "blueprint/condition.html", context)


def _edit(request: HttpRequest, draft_id: int, find: Callable[[Sheet], Place]) -> HttpResponse:
    opened = open_draft(draft_id)
    try:
        sheet = Sheet(opened.draft.text)
    except ValueError:
        return to_text(request, opened.draft)
    try:
        place = find(sheet)
    except NoSuchPart:
        raise Http404 from None
    if request.method == "POST":
        return _keep(request, opened, sheet, place)
    if not place.form.entry and place.path == ("contracts",):
        place.form.entry.update(_boundary(opened, str(request.GET.get("enters", ""))))
    return _show(request, opened, place)


def _keep(request: HttpRequest, opened: Opened, sheet: Sheet, place: Place) -> HttpResponse:
    entry = place.form.taken(request.POST)
    if place.path:
        sheet.put(place.path, place.index, entry)
    text = sheet.text
    if len(text) > MAX_LENGTH:
        messages.error(request, _("Too long: at most %(num)s characters.") % {"num": MAX_LENGTH})
        return _show(request, opened, place, status=422)
    try:
        operations.save_draft(draft_id=opened.draft.pk, text=text, save=save_of(request))
    except operations.DraftMovedOn as moved:
        tell_moved_on(request, moved.draft)
        return _show(request, replace(opened, draft=moved.draft), place, status=409)
    _tell_kept(request, opened.draft.pk, place)
    return HttpResponseRedirect(place.url)


def _tell_kept(request: HttpRequest, draft_id: int, place: Place) -> None:
    if _problems(open_draft(draft_id), place):
        messages.warning(request, _("Saved as it is. What is wrong is marked below."))
    else:
        messages.success(request, _("Saved in the draft."))


def _show(request: HttpRequest, opened: Opened, place: Place, *, status: int = 200) -> HttpResponse:
    problems = _problems(opened, place)
    bound = place.form.bound(problems)
    told = {text for each in bound for text in each.errors}
    context = {
        "opened": opened,
        "draft": opened.draft,
        "place": place,
        "bound": bound,
        "others": [text for texts in problems.values() for text in texts if text not in told],
        "is_new": not place.was and place.path != (),
        "name": _name(opened, place),
        "items": _item_rows(place, problems),
        "above": _above(opened, place),
    }
    return page(request, "blueprint/part.html", context, status=status)


def _name(opened: Opened, place: Place) -> str:
    if place.part:
        return place.part.title_of(place.form.entry, Sheet(opened.draft.text))
    return named(place.form.entry) if place.path else ""


def _item_rows(place: Place, problems: dict[str, list[str]]) -> list[tuple[str, bool, str, int]]:
    """The items of a stage or contract: name, required or not, field, number of problems."""
    inner = ITEMS.get(place.part.slug) if place.part else None
    entries = place.form.entry.get(inner) if inner else None
    return [
        (
            named(entry),
            entry.get("required") is not False,
            str(entry.get("field") or ""),
            sum(path.startswith(f"{inner}[{number}]") for path in problems),
        )
        for number, entry in enumerate(entries if isinstance(entries, list) else [])
        if isinstance(entry, dict)
    ]


def _above(opened: Opened, place: Place) -> tuple[str, str] | None:
    """The page of the part that an item belongs to: its name and address."""
    if len(place.path) < 3:
        return None
    part, index = str(place.path[0]), int(place.path[1])
    url = reverse("blueprint:part", args=[opened.draft.pk, part, index])
    return named(Sheet(opened.draft.text).entry((part,), index)), url + "#items"


def _problems(opened: Opened, place: Place) -> dict[str, list[str]]:
    found = problems_under(problems=opened.examined.problems, base=place.base, language=language())
    return dict(found)


def _reorder(
    request: HttpRequest, draft_id: int, path: Sequence[str | int], index: int, back: str
) -> HttpResponse:
    opened = open_draft(draft_id)
    verb = request.POST.get("verb")
    try:
        sheet = Sheet(opened.draft.text)
        if verb == "remove":
            sheet.remove(path, index)
        else:
            sheet.move(path, index, -1 if verb == "up" else 1)
        operations.save_draft(draft_id=draft_id, text=sheet.text, save=save_of(request))
    except ValueError:
        return to_text(request, opened.draft)
    except (NoSuchPart, operations.DraftMovedOn):
        text = _(
            "The draft has changed meanwhile, so nothing was moved. Here is how it stands now."
        )
        messages.warning(request, text)
    return HttpResponseRedirect(back)


def _found_again(
    entries: Sequence[object], key: str, request: HttpRequest, index: int, name: str = "was"
) -> int:
    """Where the entry stands that the person had before them: others may have moved it."""
    if name == "was" and request.POST.get("new"):
        return len(entries)
    was = request.POST.get(name, "")
    if not was:
        return index
    codes = [str(each.get(key) or "") if isinstance(each, dict) else "" for each in entries]
    if index < len(codes) and codes[index] == was:
        return index
    return codes.index(was) if was in codes else len(codes)


def _boundary(opened: Opened, enters: str) -> Entry:
    """What is known already about a contract that a boundary still lacks."""
    blueprint = opened.examined.blueprint
    for giver, taker in open_boundaries(blueprint=blueprint) if blueprint else ():
        if taker.code == enters:
            gives, takes = giver.department, taker.department
            return {
                "key": f"{gives.value}_to_{takes.value}"[:32],
                "label": {
                    "ja": f"{gives.label.ja}から{takes.label.ja}へ",
                    "en": f"{gives.label.en} to {takes.label.en}",
                },
                "giver": gives.value,
                "taker": takes.value,
                "from_stages": [giver.code],
                "enters": taker.code,
            }
    return {}


def _part(slug: str) -> Part:
    found = PARTS.get(slug)
    if found is None:
        raise Http404
    return found


def _items_of(slug: str) -> str:
    found = ITEMS.get(slug)
    if found is None:
        raise Http404
    return found
