"""What the drawing consists of. Lengths are units of its view box; (0, 0) is at the top left."""

from dataclasses import dataclass
from enum import StrEnum

from tasuki.analytics.course import Cohort, Dwell, Selection, StageFigures
from tasuki.core.departments import Department
from tasuki.core.labels import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A department: the ground its stages stand on, and what rests there in all."""

    department: Department
    x: float
    width: float
    height: float
    open: int
    pipeline_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A stage: a bar as high as its balance, its name in lines above or beside it."""

    stage: StageFigures
    x: float
    y: float
    width: float
    height: float
    text_x: float
    text_y: float
    lines: tuple[str, ...]
    is_branch: bool
    selection: Selection

    @property
    def left(self) -> float:
        """Where the bar begins."""
        return self.x - self.width / 2

    @property
    def top(self) -> float:
        """Where the bar begins, from above."""
        return self.y - self.height / 2

    @property
    def bottom(self) -> float:
        """Where the bar ends."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What went on from one stage to the next: a band as thick as its volume."""

    source: StageFigures
    target: StageFigures
    path: str
    count: int
    dwell: Dwell
    x: float
    y: float
    selection: Selection

    @property
    def cohort(self) -> Cohort:
        """What became of those who entered the source."""
        return self.source.cohort

    @property
    def crosses(self) -> bool:
        """Whether the sash is handed from one department to another here."""
        return self.source.department is not self.target.department


class ArcKind(StrEnum):
    """Why something leaves the straight way."""

    SKIP = "skip"
    RETURN = "return"
    DRAIN = "drain"
    REVIVAL = "revival"
    BEGIN = "begin"
    FEED = "feed"
    CHILD = "child"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """A curved flow beside the straight way."""

    kind: ArcKind
    source: str
    target: str
    label: Label
    path: str
    thickness: float
    count: int
    dwell: Dwell
    department: Department | None
    x: float
    y: float
    selection: Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A side track: where journeys rest beside the way."""

    stage: StageFigures
    x: float
    y: float
    width: float
    height: float
    level: float
    selection: Selection


@dataclass(frozen=True, slots=True)
class Sample:
    """A line of the legend: how thick so many are."""

    count: int
    thickness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The stage that takes longest, or loses most."""

    stage: StageFigures
    is_slowest: bool
    is_leakiest: bool
    x: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The whole drawing."""

    width: float
    height: float
    bands: tuple[Band, ...]
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]
    arcs: tuple[Arc, ...]
    pools: tuple[Pool, ...]
    samples: tuple[Sample, ...]
    marks: tuple[Mark, ...]
