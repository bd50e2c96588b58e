"""A decision before it is recorded."""

from dataclasses import dataclass
from datetime import date

from tasuki.handoffs.models import Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision as it is told; the baseline is the figure of the week under review."""

    text: str
    owner_id: int
    due_date: date
    metric: Metric
    contract: str = ""
    item: str = ""
    reason: str = ""
    baseline_value: float | None = None
    baseline_n: int = 0
