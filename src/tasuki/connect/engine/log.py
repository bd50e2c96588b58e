"""What an import found and did, counted; the first problems are kept to be shown."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from tasuki.connect.mapping.types import Entity
from tasuki.connect.problems import Problem, Rule, Severity

MAX_KEPT: Final = 50_000
"""Problems beyond this many are counted but not kept: nobody reads so far."""


@dataclass(slots=True)
class ProblemLog:
    """Every problem counted by rule; rows with errors; the first problems themselves."""

    kept: list[Problem] = field(default_factory=list)
    by_rule: Counter[tuple[Severity, Rule]] = field(default_factory=Counter)
    max_kept: int = MAX_KEPT
    bad_rows: set[tuple[str, int]] = field(default_factory=set)
    fatal: bool = False
    """A file or the mapping as a whole cannot be used; leaving rows out does not help."""
    _told: set[tuple[str, int | None, str, Rule]] = field(default_factory=set)

    def add(self, problem: Problem) -> None:
        """Count a problem and keep it while there is room.

        A row that several records are made from tells of a missing value once.
        """
        if problem.severity is Severity.ERROR:
            told = (problem.file, problem.row, problem.column, problem.rule)
            if told in self._told:
                return
            self._told.add(told)
            if problem.row is not None:
                self.bad_rows.add((problem.file, problem.row))
        self.by_rule[problem.severity, problem.rule] += 1
        seen = self.by_rule[problem.severity, problem.rule]
        # A flood of one warning must not push out the rare one that matters.
        if len(self.kept) < self.max_kept or seen <= 1_000:
            self.kept.append(problem)

    def begin_pass(self) -> None:
        """Forget the warnings: the next pass over the files tells them again."""
        self.kept = [problem for problem in self.kept if problem.severity is Severity.ERROR]
        self.by_rule = Counter(
            {key: count for key, count in self.by_rule.items() if key[0] is Severity.ERROR}
        )

    @property
    def errors(self) -> int:
        """How many errors there are."""
        return self._count(Severity.ERROR)

    @property
    def warnings(self) -> int:
        """How many warnings there are."""
        return self._count(Severity.WARNING)

    def _count(self, severity: Severity) -> int:
        return sum(count for (level, _), count in self.by_rule.items() if level is severity)


@dataclass(slots=True)
class Tally:
    """Records by what becomes of them."""

    created: Counter[Entity] = field(default_factory=Counter)
    updated: Counter[Entity] = field(default_factory=Counter)
    unchanged: Counter[Entity] = field(default_factory=Counter)
    skipped: Counter[Entity] = field(default_factory=Counter)

    def clear(self) -> None:
        """Begin to count anew."""
        for counts in (self.created, self.updated, self.unchanged, self.skipped):
            counts.clear()

    def as_json(self) -> dict[str, dict[str, int]]:
        """Return the counts by entity, for storing and for programs."""
        entities = [
            entity
            for entity in Entity
            if self.created[entity]
            or self.updated[entity]
            or self.unchanged[entity]
            or self.skipped[entity]
        ]
        return {
            entity.value: {
                "created": self.created[entity],
                "updated": self.updated[entity],
                "unchanged": self.unchanged[entity],
                "skipped": self.skipped[entity],
            }
            for entity in entities
        }
