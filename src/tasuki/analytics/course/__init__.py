"""The course: the whole process as one flow, counted from stays."""

from tasuki.analytics.course.conflicts import DateConflict, date_conflicts
from tasuki.analytics.course.figures import course
from tasuki.analytics.course.groups import course_by
from tasuki.analytics.course.records import Selection, read_selection, stays_behind
from tasuki.analytics.course.values import (
    ADVANCED,
    LOST,
    NOBODY,
    RETURNED,
    WITHOUT,
    Blueprinted,
    Cohort,
    Course,
    CourseQuery,
    DropOff,
    Dwell,
    Edge,
    Filters,
    Group,
    GroupBy,
    Revenue,
    StageFigures,
)

__all__ = [
    "ADVANCED",
    "LOST",
    "NOBODY",
    "RETURNED",
    "WITHOUT",
    "Blueprinted",
    "Cohort",
    "Course",
    "CourseQuery",
    "DateConflict",
    "DropOff",
    "Dwell",
    "Edge",
    "Filters",
    "Group",
    "GroupBy",
    "Revenue",
    "Selection",
    "StageFigures",
    "course",
    "course_by",
    "date_conflicts",
    "read_selection",
    "stays_behind",
]
