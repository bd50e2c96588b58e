"""How a department is marked: a letter beside its colour, so that colour never stands alone."""

from typing import Final

from tasuki.core.departments import Department
from tasuki.ui.speaking import language

_MARKS: Final = {
    Department.MARKETING: ("マ", "M"),
    Department.INSIDE_SALES: ("イ", "I"),
    Department.FIELD_SALES: ("フ", "F"),
    Department.SUCCESS: ("カ", "C"),
}


def department_mark(department: Department | str | None) -> str:
    """Return the letter of a department in the language of the page; empty for none."""
    if not department:
        return ""
    ja, en = _MARKS[Department(department)]
    return en if language() == "en" else ja


def department_name(department: Department | str | None) -> str:
    """Return the name of a department in the language of the page; empty for none."""
    return Department(department).label.text(language()) if department else ""
