"""Saying what the columns are: by selects, or as YAML."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tasuki.connect import tasks
from tasuki.connect.forms import MappingChoicesForm, SaveMappingForm
from tasuki.connect.mapping import Gates, MappingInvalid, MappingProblem, write_mapping
from tasuki.connect.models import ImportRun, SavedMapping
from tasuki.connect.operations import runs
from tasuki.connect.problems import FileRefused, Problem
from tasuki.connect.queries import files_of, saved_mappings
from tasuki.connect.reading import Options, open_table
from tasuki.connect.suggestions import ColumnChoice, mapping_of, suggest, targets
from tasuki.core.access import Capability
from tasuki.core.labels import Label
from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.people.access import requires, user_of
from tasuki.ui.render import page

SAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class LookedInto:
    """A file with its columns, or why it cannot be read."""

    name: str
    format_text: Label | None
    columns: tuple[ColumnChoice, ...]
    problem: Problem | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.IMPORT)
def mapping(request: HttpRequest, run_id: int) -> HttpResponse:
    """Choose for each column what it is; suggestions are made from headers and values."""
    run = get_object_or_404(ImportRun, pk=run_id)
    files = [_look_into(name, path, request.POST) for name, path in runs.paths_of(run).items()]
    form = MappingChoicesForm(request.POST or None, initial=_initial(run))
    problems: tuple[MappingProblem, ...] = ()
    if request.method == "POST" and form.is_valid():
        made = mapping_of(
            source=form.cleaned_data["source"],
            files=[file.name for file in files],
            choices=[choice for file in files for choice in file.columns],
            gates=Gates(form.cleaned_data["gates"]),
            currency=form.cleaned_data["currency"].upper(),
        )
        try:
            return _check(request, run_id, write_mapping(made))
        except MappingInvalid as error:
            problems = error.problems
    context = {
        "run": run,
        "files": files,
        "form": form,
        "problems": problems,
        "groups": targets(blueprint=current_blueprint().blueprint),
        "text": None,
    }
    return page(request, "connect/mapping.html", context, status=422 if problems else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.IMPORT)
def mapping_text(request: HttpRequest, run_id: int) -> HttpResponse:
    """Write the mapping as YAML; every mistake is told with its place and the text is kept."""
    run = get_object_or_404(ImportRun, pk=run_id)
    problems: tuple[MappingProblem, ...] = ()
    text = run.mapping_text
    if chosen := request.GET.get("saved", ""):
        text = get_object_or_404(SavedMapping, pk=int(chosen) if chosen.isdecimal() else 0).text
    if request.method == "POST":
        text = request.POST.get("text", "").replace("\r\n", "\n")
        try:
            return _check(request, run_id, text)
        except MappingInvalid as error:
            problems = error.problems
    context = {
        "run": run,
        "files": files_of(run_id=run_id),
        "problems": problems,
        "text": text,
        "mapping_options": [(item.pk, item.name) for item in saved_mappings()],
    }
    return page(request, "connect/mapping.html", context, status=422 if problems else 200)


@require_POST
@requires(Capability.IMPORT)
def save_mapping(request: HttpRequest, run_id: int) -> HttpResponse:
    """Keep the run's mapping under a name, in place of an earlier one of that name."""
    run = get_object_or_404(ImportRun, pk=run_id)
    form = SaveMappingForm(request.POST)
    if form.is_valid() and run.mapping_text:
        SavedMapping.objects.update_or_create(
            name=form.cleaned_data["name"],
            defaults={
                "text": run.mapping_text,
                "updated_at": timezone.now(),
                "updated_by": user_of(request),
            },
        )
        messages.success(request, _("The mapping is saved."))
    else:
        messages.warning(request, _("Give the mapping a name."))
    return HttpResponseRedirect(reverse("connect:run", args=[run_id]))


def _check(request: HttpRequest, run_id: int, text: str) -> HttpResponse:
    """Take the mapping and have the run checked. Raises: MappingInvalid."""
    try:
        runs.set_mapping(run_id=run_id, text=text)
        runs.request_preview(run_id=run_id, now=timezone.now())
    except runs.UnableToStart:
        messages.warning(request, _("That is not possible now: the import has moved on meanwhile."))
    else:
        tasks.preview_run.enqueue(run_id=run_id)
    return HttpResponseRedirect(reverse("connect:run", args=[run_id]))


def _look_into(name: str, path: Path, posted: Mapping[str, str]) -> LookedInto:
    try:
        table = open_table(path=path, name=name, options=Options(max_bytes=runs.max_bytes()))
        rows = list(islice(table.rows(), SAMPLES))
    except FileRefused as refused:
        return LookedInto(name, None, (), refused.problem)
    samples = {
        header: tuple(row.cells[index] for row in rows)
        for index, header in enumerate(table.headers)
        if header
    }
    suggested = suggest(headers=list(samples), samples=samples)
    columns = tuple(
        ColumnChoice(name, header, values, posted.get(f"{name}/{header}", suggested[header]))
        for header, values in samples.items()
    )
    return LookedInto(name, table.format_text, columns)


def _initial(run: ImportRun) -> dict[str, str]:
    source = Path(run.label.split(",")[0]).stem[:64]
    return {"source": source, "currency": "JPY", "gates": Gates.AS_RECORDED.value}
