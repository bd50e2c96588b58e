"""Every kind of bad input: a message that names row, column and rule; nothing half-done."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from tasuki.connect.engine.values import amount, day, flag, moment, number
from tasuki.connect.problems import FileRefused, RowRefused, Rule
from tasuki.connect.reading import Options, open_table
from tasuki.core.money import Money
from tasuki.journeys.models import Account, Journey, Person, Stay
from tests.connect import filing
from tests.connect.filing import GOOD, HEADER, LEAD, MAPPING
from tests.journeys import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _process() -> None:
    factories.process()


def _refused(path: Path, name: str, content: bytes, **options: object) -> FileRefused:
    target = path / name
    target.write_bytes(content)
    with pytest.raises(FileRefused) as refused:
        list(open_table(path=target, name=name, options=Options(**options)).rows())  # type: ignore[arg-type]
    return refused.value


def workbook(*rows: list[object], sheet: str = "Leads") -> bytes:
    """An XLSX file with one sheet."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("mapping", "rows", "expected"),
    [
        (
            MAPPING.replace("SAL: sal", "SLA: sal"),
            f"{LEAD},2026-01-05,,,,\n",
            (Rule.UNKNOWN_STAGE, 1, "SLA"),
        ),
        (
            MAPPING.replace("as_recorded", "enforced"),
            f"{LEAD},2026-01-05,2026-01-20,,,\n",
            (Rule.MISSING_GATE_ITEM, 2, ""),
        ),
        (MAPPING, f"{LEAD},2026/13/01,,,,\n", (Rule.NOT_A_DATE, 2, "mql")),
        (MAPPING, f"{LEAD},01/02/2026,,,,\n", (Rule.AMBIGUOUS_DATE, 2, "mql")),
        (MAPPING, f"{LEAD},2030-01-01,,,,\n", (Rule.DATE_IN_FUTURE, 2, "mql")),
        (MAPPING, f"{LEAD},,,,,\n", (Rule.MISSING_STAGE_DATE, 2, "")),
        (MAPPING, f"{LEAD},2026-01-05,,,,12x\n", (Rule.NOT_AN_AMOUNT, 2, "amount")),
        (
            MAPPING,
            f"{LEAD.replace('120', 'many')},2026-01-05,,,,\n",
            (Rule.NOT_A_NUMBER, 2, "size"),
        ),
        (
            MAPPING,
            f"{LEAD.replace(',seo', ',tv')},2026-01-05,,,,\n",
            (Rule.UNKNOWN_REFERENCE, 2, "channel"),
        ),
        (
            MAPPING.replace("key: id", "key: nr"),
            f"{LEAD},2026-01-05,,,,\n",
            (Rule.MISSING_COLUMN, 1, "nr"),
        ),
        (
            MAPPING,
            f"{'x' * 201}{LEAD},2026-01-05,,,,\n".replace("青葉商事", "青" * 201),
            (Rule.TOO_LONG, 2, "company"),
        ),
    ],
)
def test_an_error_names_row_column_and_rule_and_nothing_is_written(
    tmp_path: Path, mapping: str, rows: str, expected: tuple[Rule, int, str]
) -> None:
    before = filing.everything()
    outcome = filing.run(tmp_path, {"leads.csv": HEADER + rows}, mapping=mapping)

    assert filing.errors(outcome)[0] == expected
    assert outcome.batch_id is None
    assert filing.everything() == before


def test_enforced_gates_name_the_missing_items(tmp_path: Path) -> None:
    mapping = MAPPING.replace("as_recorded", "enforced")
    outcome = filing.run(tmp_path, {"leads.csv": GOOD}, mapping=mapping)

    assert "主担当" in outcome.log.kept[0].message.ja
    assert "Owner" in outcome.log.kept[0].message.en


def test_a_date_before_entry_is_told_and_kept(tmp_path: Path) -> None:
    rows = HEADER + f"{LEAD},2026-01-20,2026-01-05,,,\n"
    outcome = filing.run(tmp_path, {"leads.csv": rows})

    assert (Rule.DATES_OUT_OF_ORDER, 2, "mql") in filing.warnings(outcome)
    assert Stay.objects.get(number=1).claimed_date is not None
    assert Journey.objects.count() == 1


def _three(middle: str) -> str:
    return (
        HEADER
        + f"{LEAD},2026-01-05,,,,\n"
        + f"L2,若葉,,,佐藤,sato@wakaba.example.jp,,seo,{middle},,,,\n"
        + "L3,双葉,,,鈴木,suzuki@futaba.example.jp,,seo,2026-01-07,,,,\n"
    )


def test_an_error_in_the_middle_lets_nothing_in(tmp_path: Path) -> None:
    outcome = filing.run(tmp_path, {"leads.csv": _three("soon")})

    assert filing.errors(outcome) == [(Rule.NOT_A_DATE, 3, "mql")]
    assert not Journey.objects.exists()
    assert not Account.objects.exists()


def test_rows_with_errors_may_be_left_out_whole(tmp_path: Path) -> None:
    outcome = filing.run(tmp_path, {"leads.csv": _three("soon")}, skip_errors=True)

    assert outcome.batch_id is not None
    assert sorted(Account.objects.values_list("name", flat=True)) == ["双葉", "青葉商事"]
    assert (Person.objects.count(), Journey.objects.count()) == (2, 2)
    assert outcome.tally.as_json()["account"]["skipped"] == 1
    assert filing.errors(outcome) == [(Rule.NOT_A_DATE, 3, "mql")]


def test_an_unreadable_contact_is_told_and_kept_aside(tmp_path: Path) -> None:
    rows = GOOD.replace("yamada@aoba.example.co.jp", "yamada")
    outcome = filing.run(tmp_path, {"leads.csv": rows})

    assert (Rule.INVALID_CONTACT, 2, "email") in filing.warnings(outcome)
    person = Person.objects.get()
    assert (person.email, person.attributes) == ("", {"email_as_given": "yamada"})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_encodings_are_found_out_and_told(tmp_path: Path, encoding: str) -> None:
    outcome = filing.run(tmp_path, {"leads.csv": GOOD.encode(encoding)})

    assert Account.objects.get().name == "青葉商事"
    told = outcome.formats["leads.csv"].en
    assert told.split(",")[0] in {"UTF-8", "UTF-8 with BOM", "UTF-16", "CP932 (Shift_JIS)"}


def test_a_wrongly_stated_encoding_names_the_row(tmp_path: Path) -> None:
    mapping = MAPPING.replace("leads: leads.csv", "leads: {file: leads.csv, encoding: utf-8}")
    outcome = filing.run(tmp_path, {"leads.csv": GOOD.encode("cp932")}, mapping=mapping)

    assert filing.errors(outcome)[0][0] is Rule.WRONG_ENCODING
    assert not Account.objects.exists()


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_delimiters_are_found_out(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'a{delimiter}b\n1{delimiter}"x\ny"\n', "utf-8")
    table = open_table(path=path, name="a.csv")

    assert [(row.number, row.cells) for row in table.rows()] == [(2, ["1", "x\ny"])]


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("a.csv", b"", Rule.EMPTY_FILE),
        ("a.csv", b"\n\n", Rule.EMPTY_FILE),
        ("a.csv", b"a,b,a\n1,2,3\n", Rule.DUPLICATE_HEADER),
        ("a.csv", b"a,b\n1,2,3\n", Rule.TOO_MANY_CELLS),
        ("a.xlsx", b"this is no workbook", Rule.NOT_A_WORKBOOK),
        ("a.xlsx", b"PK\x03\x04 broken", Rule.NOT_A_WORKBOOK),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    tmp_path: Path, name: str, content: bytes, rule: Rule
) -> None:
    assert _refused(tmp_path, name, content).problem.rule is rule


def test_a_duplicate_header_names_the_columns(tmp_path: Path) -> None:
    problem = _refused(tmp_path, "a.csv", b"mail,b,mail\n1,2,3\n").problem

    assert (problem.row, problem.column) == (1, "mail")
    assert "A, C" in problem.message.en


def test_a_file_beyond_the_limit_is_refused_unread(tmp_path: Path) -> None:
    problem = _refused(tmp_path, "a.csv", b"a\n" * 2_000_000, max_bytes=1024 * 1024).problem

    assert problem.rule is Rule.TOO_LARGE
    assert "4 MB" in problem.message.en
    assert "1 MB" in problem.message.en


def test_a_workbook_that_unpacks_to_far_too_much_is_refused(tmp_path: Path) -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b"0" * 20_000_000)
    problem = _refused(tmp_path, "a.xlsx", stream.getvalue(), max_bytes=1024 * 1024).problem

    assert problem.rule is Rule.TOO_LARGE


def test_a_workbook_is_read_with_its_formulas_told_and_broken_cells_refused(
    tmp_path: Path,
) -> None:
    content = workbook(
        ["id", "company", "mql"], ["L1", "青葉", "=TODAY()"], ["L2", "若葉", "2026-01-05"]
    )
    broken = content_with_error(content)
    path = tmp_path / "a.xlsx"
    path.write_bytes(broken)
    table = open_table(path=path, name="a.xlsx")
    rows = list(table.rows())

    assert [(w.rule, w.row, w.column) for w in table.warnings] == [(Rule.FORMULA_CELL, 2, "C")]
    assert [(p.rule, p.row, p.column) for p in rows[1].problems] == [(Rule.ERROR_CELL, 3, "C")]
    assert table.format_text.en == 'XLSX, sheet "Leads"'


def content_with_error(content: bytes) -> bytes:
    """Turn the last date of the workbook into #REF!."""
    book = openpyxl.load_workbook(BytesIO(content))
    cell = book["Leads"]["C3"]
    cell.value, cell.data_type = "#REF!", "e"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_missing_sheet_is_named_with_those_there_are(tmp_path: Path) -> None:
    problem = _refused(tmp_path, "a.xlsx", workbook(["a"], [1]), sheet="Deals").problem

    assert problem.rule is Rule.MISSING_SHEET
    assert "Leads" in problem.message.en


def test_a_missing_file_is_named_with_those_there_are(tmp_path: Path) -> None:
    outcome = filing.run(tmp_path, {"other.csv": GOOD})

    assert outcome.log.kept[0].rule is Rule.MISSING_FILE
    assert "other.csv" in outcome.log.kept[0].message.en


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (lambda text: str(day(text)), "令和8年11月22日", "2026-11-22"),
        (lambda text: str(day(text)), "R8.11.22", "2026-11-22"),
        (lambda text: str(day(text)), "令和元年5月1日", "2019-05-01"),
        (lambda text: str(day(text)), "2026/11/22(日)", "2026-11-22"),
        (lambda text: str(day(text)), "20261122", "2026-11-22"),
        (lambda text: str(day(text)), "46348", "2026-11-22"),
        (lambda text: str(day(text, pattern="%d/%m/%Y")), "22/11/2026", "2026-11-22"),
        (lambda text: number(text), "1,200名", 1200),
        (lambda text: flag(text), "はい", True),
        (lambda text: flag(text), "×", False),
        (lambda text: amount(text, currency="BRL"), "112436.18000000001", Money(11243618, "BRL")),
        (lambda text: amount(text, currency="JPY"), "1億2,000万円", Money(120_000_000, "JPY")),
    ],
)
def test_values_are_read_as_people_write_them(
    read: Callable[[str], object], text: str, value: object
) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text", "rule"),
    [
        (day, "22.11.26", Rule.AMBIGUOUS_DATE),
        (day, "2026-02-30", Rule.NOT_A_DATE),
        (lambda text: day(text, pattern="%d/%m/%Y"), "2026-11-22", Rule.NOT_A_DATE),
        (number, "-1", Rule.NOT_A_NUMBER),
        (flag, "maybe", Rule.NOT_A_FLAG),
        (lambda text: amount(text, currency="JPY"), "1.5", Rule.NOT_AN_AMOUNT),
    ],
)
def test_a_value_with_two_readings_or_none_is_refused(
    read: Callable[[str], object], text: str, rule: Rule
) -> None:
    with pytest.raises(RowRefused) as refused:
        read(text)
    assert refused.value.rule is rule


def test_moments_follow_their_own_zone_or_the_mappings() -> None:
    from zoneinfo import ZoneInfo  # noqa: PLC0415

    tokyo = ZoneInfo("Asia/Tokyo")
    assert moment("2026-11-22 09:00", zone=tokyo).isoformat() == "2026-11-22T00:00:00+00:00"
    assert moment("2026-11-22T09:00:00Z", zone=tokyo).hour == 9
    assert moment("2026-11-22 09:00 +0100", zone=tokyo).hour == 8
