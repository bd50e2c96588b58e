"""The four departments of The Model."""

from enum import StrEnum

from tasuki.core.labels import Label


class Department(StrEnum):
    """Who answers for a stage. The codes are stable; the labels are for people."""

    MARKETING = "marketing"
    INSIDE_SALES = "inside_sales"
    FIELD_SALES = "field_sales"
    SUCCESS = "success"

    @property
    def label(self) -> Label:
        """Name the department in both languages."""
        return _LABELS[self]


_LABELS = {
    Department.MARKETING: Label("マーケティング", "Marketing"),
    Department.INSIDE_SALES: Label("インサイドセールス", "Inside sales"),
    Department.FIELD_SALES: Label("フィールドセールス", "Field sales"),
    Department.SUCCESS: Label("カスタマーサクセス", "Customer success"),
}
