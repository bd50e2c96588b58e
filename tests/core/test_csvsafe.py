"""CSV cells: never a live formula, and the exact text back."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasuki.core.csvsafe import original_cell, safe_cell


class Formula(StrEnum):
    SUM = "=SUM(A1)"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+81-3-1234-5678", "'+81-3-1234-5678"),
        ("+81312345678", "'+81312345678"),
        ("-1+2", "'-1+2"),
        ("-", "'-"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("  =1", "'  =1"),
        ("＝1+1", "'＝1+1"),
        ('=HYPERLINK("http://example.com","x")', '\'=HYPERLINK("http://example.com","x")'),
        ("'=1", "''=1"),
        (Formula.SUM, "'=SUM(A1)"),
        ("-1200", "-1200"),
        ("-12.5", "-12.5"),
        (-1200, "-1200"),
        (Decimal("-12.50"), "-12.50"),
        (-0.5, "-0.5"),
        ("株式会社ヤマト", "株式会社ヤマト"),
        ("a=b", "a=b"),
        ("'quoted'", "'quoted'"),
        ("", ""),
        (None, ""),
        (True, "true"),
        (False, "false"),
        (date(2026, 11, 22), "2026-11-22"),
        (datetime(2026, 11, 22, 9, 0, tzinfo=UTC), "2026-11-22T09:00:00+00:00"),
    ],
)
def test_safe_cell(value: object, cell: str) -> None:
    assert safe_cell(value) == cell


@given(st.text(alphabet="=+-@＝＋－＠'\t\r\n 0129.aあ", max_size=12) | st.text())
def test_the_original_comes_back(text: str) -> None:
    assert original_cell(safe_cell(text)) == text


@given(st.text(alphabet="=+-@\t\r\n 0129.a\"',", max_size=12))
def test_no_cell_of_a_written_file_starts_a_formula(text: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerow([safe_cell(text)])
    (cell,) = next(csv.reader(io.StringIO(file.getvalue(), newline="")))
    starts_like_a_formula = cell.lstrip()[:1] in {"=", "+", "-", "@"} if cell.strip() else False
    plain_number = cell.removeprefix("-").replace(".", "", 1).isdigit()
    assert not starts_like_a_formula or plain_number
