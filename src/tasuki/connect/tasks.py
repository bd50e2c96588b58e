"""The work that takes its time, done by the background worker."""

from django_tasks import task

from tasuki.connect.operations.runs import carry_out, carry_out_revert
from tasuki.journeys.operations.reverting import UnableToRevert

QUEUE = "import"


@task(queue_name=QUEUE)
def preview_run(run_id: int) -> None:
    """Check a run."""
    carry_out(run_id=run_id, commit=False)


@task(queue_name=QUEUE)
def commit_run(run_id: int) -> None:
    """Import a run."""
    carry_out(run_id=run_id, commit=True)


@task(queue_name=QUEUE)
def revert_run(run_id: int) -> None:
    """Take a run back; when people worked on its records, the run says so."""
    try:
        carry_out_revert(run_id=run_id)
    except UnableToRevert:
        return
