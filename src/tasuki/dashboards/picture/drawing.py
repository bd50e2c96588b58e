"""From the figures of a course to its drawing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tasuki.analytics.course import ADVANCED, Course, Dwell, Edge, Selection, StageFigures
from tasuki.analytics.course import records as behind
from tasuki.core.blueprint import JourneyKind
from tasuki.core.departments import Department
from tasuki.core.lifecycle import Exit
from tasuki.dashboards.picture import paths
from tasuki.dashboards.picture.measures import (
    AXIS,
    BAR,
    BRANCH,
    GROUND,
    HEIGHT,
    HIGHEST_BRANCH,
    MARGIN,
    POOL_HEIGHT,
    POOL_TOP,
    WIDTH,
    Scale,
    broken,
    column_of,
    column_width,
    scale_of,
)
from tasuki.dashboards.picture.shapes import (
    Arc,
    ArcKind,
    Band,
    Flow,
    Mark,
    Node,
    Picture,
    Pool,
    Sample,
)

LABELS_END = 150.0
"""No hop rises above this: the names and numbers of the stages stand there."""
SAMPLE_THICKEST = 30.0
ENOUGH_TO_COMPARE = 5
"""A stage is called slowest only from so many stays on."""


def draw(*, course: Course, language: str) -> Picture:
    """This will return the drawing of a course, names in the language."""
    plan = _Plan(course, scale_of(course), language)
    nodes = {node.stage.code: node for node in plan.nodes()}
    pools = {pool.stage.code: pool for pool in plan.pools()}
    side = _Beside(plan, nodes, pools)
    return Picture(
        width=WIDTH,
        height=HEIGHT,
        bands=tuple(plan.bands()),
        nodes=tuple(nodes.values()),
        flows=tuple(_flows(plan, nodes)),
        arcs=(*side.begins(), *side.children(), *side.edges()),
        pools=tuple(pools.values()),
        samples=tuple(_samples(plan.scale)),
        marks=tuple(_marks(plan, nodes)),
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    course: Course
    scale: Scale
    language: str

    @property
    def main(self) -> list[StageFigures]:
        """The stages of the straight way."""
        return [
            stage
            for stage in self.course.stages
            if not stage.is_side and stage.line is JourneyKind.NEW
        ]

    @property
    def branches(self) -> list[StageFigures]:
        """The stages that open after it: renewal and expansion."""
        return [
            stage
            for stage in self.course.stages
            if not stage.is_side and stage.line is not JourneyKind.NEW
        ]

    def nodes(self) -> Iterator[Node]:
        for place, stage in enumerate(self.main):
            x = column_of(self.main, place)
            lines = broken(stage.label.text(self.language))
            yield self._node(stage, (x, AXIS), (x, 70.0), lines)
        gap = 150.0 if len(self.branches) < 3 else 260.0 / len(self.branches)
        first = AXIS - gap * (len(self.branches) - 1) / 2
        for place, stage in enumerate(self.branches):
            x, y = WIDTH - MARGIN - BRANCH + 26.0, first + place * gap
            yield self._node(stage, (x, y), (x + 14.0, y), (stage.label.text(self.language),))

    def _node(
        self,
        stage: StageFigures,
        at: tuple[float, float],
        text_at: tuple[float, float],
        lines: tuple[str, ...],
    ) -> Node:
        branch = stage.line is not JourneyKind.NEW
        height = self.scale.bar(stage.open, *([HIGHEST_BRANCH] if branch else []))
        return Node(
            stage=stage,
            x=at[0],
            y=at[1],
            width=BAR,
            height=height,
            text_x=text_at[0],
            text_y=text_at[1],
            lines=lines,
            is_branch=branch,
            selection=behind.open_at_end(stage.code, self.course.query.period),
        )

    def bands(self) -> Iterator[Band]:
        width = column_width(len(self.main))
        x = MARGIN
        held = [department for department in Department if self._columns(department)]
        for place, department in enumerate(held):
            mine = [
                stage for stage in (*self.main, *self.branches) if stage.department is department
            ]
            is_last = place == len(held) - 1
            across = self._columns(department) * width + (BRANCH if is_last else 0.0)
            yield Band(
                department=department,
                x=x + 2,
                width=across - 4,
                height=GROUND,
                open=sum(stage.open for stage in mine),
                pipeline_minor=sum(stage.pipeline_minor for stage in mine),
            )
            x += across

    def _columns(self, department: Department) -> int:
        return sum(stage.department is department for stage in self.main)

    def pools(self) -> Iterator[Pool]:
        sides = [stage for stage in self.course.stages if stage.is_side]
        most = max((stage.open for stage in sides), default=0) or 1
        step = (WIDTH - 2 * MARGIN) / max(len(sides), 1)
        for place, stage in enumerate(sides):
            yield Pool(
                stage=stage,
                x=MARGIN + place * step + 10.0,
                y=POOL_TOP,
                width=step - 20.0,
                height=POOL_HEIGHT,
                level=stage.open / most,
                selection=behind.open_at_end(stage.code, self.course.query.period),
            )


def _flows(plan: _Plan, nodes: dict[str, Node]) -> Iterator[Flow]:
    for source, target in zip(plan.main, plan.main[1:], strict=False):
        edge = _edge(plan.course, source.code, target.code)
        start, end = nodes[source.code], nodes[target.code]
        middle = (start.x + end.x) / 2
        yield Flow(
            source=source,
            target=target,
            path=paths.ribbon(
                (start.x + BAR / 2, AXIS), (end.x - BAR / 2, AXIS), plan.scale.thickness(edge.count)
            ),
            count=edge.count,
            dwell=edge.dwell,
            x=middle,
            y=AXIS,
            selection=replace(
                behind.left_in(source.code, plan.course.query.period, (Exit.ADVANCED,)),
                target=target.code,
            ),
        )


def _edge(course: Course, source: str, target: str) -> Edge:
    for edge in course.edges:
        if (edge.source, edge.target, edge.exit) == (source, target, Exit.ADVANCED):
            return edge
    return Edge(source=source, target=target, exit=Exit.ADVANCED, dwell=Dwell())


@dataclass(frozen=True, slots=True)
class _Beside:
    """Everything that leaves the straight way or comes to it."""

    plan: _Plan
    nodes: dict[str, Node]
    pools: dict[str, Pool]

    def begins(self) -> Iterator[Arc]:
        """Journeys that begin: from the left into the first stage, from above into later ones."""
        for stage in self.plan.main:
            if not stage.began:
                continue
            node = self.nodes[stage.code]
            if stage is self.plan.main[0]:
                thickness = self.plan.scale.thickness(stage.began)
                kind = ArcKind.BEGIN
                path = paths.ribbon((0.0, AXIS), (node.left, AXIS), thickness)
            else:
                kind = ArcKind.FEED
                path = paths.turn((node.x - 28.0, node.top - 26.0), (node.left, node.top + 10.0))
            selection = behind.began_in(stage.code, self.plan.course.query.period)
            yield self._arc(kind, ("", stage.code), path, selection, Dwell(stage.began))

    def children(self) -> Iterator[Arc]:
        """Renewals and expansions, opening from the last stage of the way."""
        if not self.plan.main:
            return
        start = self.nodes[self.plan.main[-1].code]
        for stage in self.plan.branches:
            if stage.began:
                node = self.nodes[stage.code]
                thickness = min(self.plan.scale.thickness(stage.began), HIGHEST_BRANCH)
                yield self._arc(
                    ArcKind.CHILD,
                    (start.stage.code, stage.code),
                    paths.ribbon((start.x + BAR / 2, start.y), (node.left, node.y), thickness),
                    behind.began_in(stage.code, self.plan.course.query.period),
                    Dwell(stage.began),
                )

    def edges(self) -> Iterator[Arc]:
        """Skips, returns, losses and revivals; the largest first, so that small ones stay above."""
        for edge in sorted(self.plan.course.edges, key=lambda edge: -edge.count):
            if edge.source in self.nodes and edge.target in self.pools:
                yield self._drain(edge)
            elif edge.source in self.pools and edge.target in self.nodes:
                yield self._revival(edge)
            elif edge.source in self.nodes and edge.target in self.nodes:
                yield from self._hop(edge)

    def _drain(self, edge: Edge) -> Arc:
        node, pool = self.nodes[edge.source], self.pools[edge.target]
        path = paths.fall((node.x, node.bottom), (self._inlet(node, pool), pool.y))
        return self._of_edge(ArcKind.DRAIN, edge, path)

    def _revival(self, edge: Edge) -> Arc:
        node, pool = self.nodes[edge.target], self.pools[edge.source]
        x = min(max(node.x + 20.0, pool.x + 16.0), pool.x + pool.width - 16.0)
        return self._of_edge(ArcKind.REVIVAL, edge, paths.fall((x, pool.y), (node.x, node.bottom)))

    def _hop(self, edge: Edge) -> Iterator[Arc]:
        start, end = self.nodes[edge.source], self.nodes[edge.target]
        columns = abs(end.x - start.x) / column_width(len(self.plan.main))
        if edge.exit is Exit.ADVANCED and columns < 1.5:
            return
        rise = max(min(start.top, end.top) - 24.0 - 14.0 * columns, LABELS_END - 20.0)
        kind = ArcKind.SKIP if edge.exit in ADVANCED else ArcKind.RETURN
        away = 3.0 if kind is ArcKind.SKIP else -3.0
        path = paths.hop((start.x + away, start.top), (end.x - away, end.top), rise)
        arc = self._of_edge(kind, edge, path)
        yield replace(arc, x=(start.x + end.x) / 2, y=paths.hop_top(start.top, end.top, rise))

    def _inlet(self, node: Node, pool: Pool) -> float:
        """Spread what comes in over the pool's width in the order of the stages."""
        share = (node.x - MARGIN) / (WIDTH - 2 * MARGIN)
        return pool.x + 16.0 + share * (pool.width - 32.0)

    def _of_edge(self, kind: ArcKind, edge: Edge, path: str) -> Arc:
        selection = replace(
            behind.left_in(edge.source, self.plan.course.query.period, (edge.exit,)),
            target=edge.target,
        )
        return self._arc(kind, (edge.source, edge.target), path, selection, edge.dwell)

    def _arc(
        self, kind: ArcKind, ends: tuple[str, str], path: str, selection: Selection, dwell: Dwell
    ) -> Arc:
        source, target = ends
        coloured = kind not in (ArcKind.RETURN, ArcKind.DRAIN)
        place = self.plan.course.stage(source or target)
        return Arc(
            kind=kind,
            source=source,
            target=target,
            label=self.plan.course.stage(target).label,
            path=path,
            thickness=min(self.plan.scale.thickness(dwell.count), 40.0),
            count=dwell.count,
            dwell=dwell,
            department=place.department if coloured else None,
            x=0.0,
            y=0.0,
            selection=selection,
        )


def _samples(scale: Scale) -> Iterator[Sample]:
    """Show what the thickest of the round numbers that fit a line of text look like."""
    rounds = [unit * 10**power for power in range(7) for unit in (1, 5)]
    fitting = [count for count in rounds if scale.thickness(count) <= SAMPLE_THICKEST]
    for count in [count for count in fitting if count <= scale.most_moved][-3:]:
        yield Sample(count, scale.thickness(count))


def _marks(plan: _Plan, nodes: dict[str, Node]) -> Iterator[Mark]:
    """Name the slowest and the leakiest stage on the way to the last one."""
    compared = [stage for stage in plan.main[:-1] if stage.outflow >= ENOUGH_TO_COMPARE]
    slowest = max(compared, key=lambda stage: stage.dwell.median_days or 0.0, default=None)
    leaking = [stage for stage in compared if aside(stage)]
    leakiest = max(leaking, key=aside, default=None)
    for stage in plan.main:
        if stage in (slowest, leakiest):
            yield Mark(
                stage=stage,
                is_slowest=stage is slowest,
                is_leakiest=stage is leakiest,
                x=nodes[stage.code].x,
            )


def aside(stage: StageFigures) -> int:
    """Return how many left the way from a stage: recycled, disqualified, lost or churned."""
    return stage.lost + stage.exits.get(Exit.RECYCLED, 0)
