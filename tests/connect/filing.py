"""Files and runs for tests of imports; every time is given."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.db import connection

from tasuki.connect.engine.run import Outcome, Request, run_import
from tasuki.connect.mapping import read_mapping
from tasuki.connect.problems import Rule, Severity
from tests.journeys.factories import NOW, act

MAPPING = """\
source: crm
gates: as_recorded
files:
  leads: leads.csv
records:
  - entity: account
    from: leads
    key: company
    fields: {name: company, domain: site, employees: size}
  - entity: person
    from: leads
    key: id
    fields: {account: company, full_name: name, email: email, phone: phone}
  - entity: journey
    from: leads
    key: id
    fields: {account: company, person: id, channel: channel, amount: amount, reason: reason}
    stages: {MQL: mql, SAL: sal, LOST: lost}
"""
HEADER = "id,company,site,size,name,email,phone,channel,mql,sal,lost,reason,amount\n"
LEAD = "L1,青葉商事,aoba.example.co.jp,120,山田 太郎,yamada@aoba.example.co.jp,03-1234-5678,seo"
GOOD = HEADER + f"{LEAD},2026-01-05,2026-01-20,,,1200000\n"


def run(
    folder: Path,
    files: Mapping[str, str | bytes],
    *,
    mapping: str = MAPPING,
    commit: bool = True,
    skip_errors: bool = False,
    now: datetime = NOW,
) -> Outcome:
    """Write the files and import them."""
    paths = {}
    for name, content in files.items():
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        paths[name] = path
    return run_import(
        Request(
            mapping=read_mapping(mapping),
            paths=paths,
            act=act(now=now),
            label="test",
            commit=commit,
            skip_errors=skip_errors,
            max_bytes=1024 * 1024,
        )
    )


def errors(outcome: Outcome) -> list[tuple[Rule, int | None, str]]:
    """Return rule, row and column of each error."""
    return [(p.rule, p.row, p.column) for p in outcome.log.kept if p.severity is Severity.ERROR]


def warnings(outcome: Outcome) -> list[tuple[Rule, int | None, str]]:
    """Return rule, row and column of each warning."""
    return [(p.rule, p.row, p.column) for p in outcome.log.kept if p.severity is Severity.WARNING]


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table that an import may touch, batches aside."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
            "AND (tablename LIKE 'journeys%%' OR tablename LIKE 'people%%') "
            "AND tablename <> 'journeys_writebatch' ORDER BY 1"
        )
        tables = [row[0] for row in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t ORDER BY 1')  # noqa: S608
            found[table] = cursor.fetchall()
    return found
