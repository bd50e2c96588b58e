"""The timetable of the worker: add a line, and `tasuki doctor` knows the job too."""

from tasuki.cli.periodic import Job
from tasuki.handoffs import tasks as handoffs
from tasuki.notices import jobs as notices

JOBS = (
    Job("notices.collect", 5, notices.collect),
    Job("notices.escalate", 60, notices.escalate),
    Job("notices.deliver", 5, notices.deliver),
    Job("handoffs.expire", 300, handoffs.expire),
    Job("notices.digest", 60, notices.digest),
)
