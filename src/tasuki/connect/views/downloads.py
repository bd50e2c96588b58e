"""Files to take away: problems, rows left out, mappings."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tasuki.connect.models import ImportFile, ImportRun, SavedMapping
from tasuki.connect.operations.runs import paths_of
from tasuki.connect.queries import problem_rows, skipped_rows
from tasuki.core.access import Capability
from tasuki.people.access import requires

BOM = "\ufeff"
"""Spreadsheet programs take a CSV for UTF-8 only with it."""


@require_safe
@requires(Capability.IMPORT)
def problems_csv(request: HttpRequest, run_id: int) -> StreamingHttpResponse:
    """Give every problem of a run as CSV."""
    get_object_or_404(ImportRun, pk=run_id)
    lines = (_line(row) for row in problem_rows(run_id=run_id, language=_language()))
    return _csv(lines, f"import-{run_id}-problems.csv")


@require_safe
@requires(Capability.IMPORT)
def skipped_csv(request: HttpRequest, run_id: int, file_id: int) -> StreamingHttpResponse:
    """Give the rows of a file that have errors as CSV, as they were, with the reasons."""
    run = get_object_or_404(ImportRun, pk=run_id)
    file = get_object_or_404(ImportFile, pk=file_id, run=run)
    path = paths_of(run)[file.name]
    lines = skipped_rows(run=run, file=file, path=path, language=_language())
    return _csv(lines, f"import-{run_id}-left-out.csv")


@require_safe
@requires(Capability.IMPORT)
def mapping_file(request: HttpRequest, run_id: int) -> HttpResponse:
    """Give the run's mapping as a YAML file."""
    run = get_object_or_404(ImportRun, pk=run_id)
    return _yaml(run.mapping_text, f"import-{run_id}.yaml")


@require_safe
@requires(Capability.IMPORT)
def saved_mapping(request: HttpRequest, mapping_id: int) -> HttpResponse:
    """Give a saved mapping as a YAML file."""
    saved = get_object_or_404(SavedMapping, pk=mapping_id)
    return _yaml(saved.text, f"{saved.name}.yaml")


def _csv(lines: Iterable[str], name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_with_bom(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or ""  # noqa: FBT003
    return response


def _with_bom(lines: Iterable[str]) -> Iterator[str]:
    yield BOM
    yield from lines


def _yaml(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or ""  # noqa: FBT003
    return response


def _line(cells: list[str]) -> str:
    stream = StringIO()
    csv.writer(stream).writerow(cells)
    return stream.getvalue()


def _language() -> str:
    return get_language() or "ja"
