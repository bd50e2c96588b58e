"""A retried request does nothing twice."""

from typing import Final

from django.db import connection

from tasuki.journeys.actor import Act
from tasuki.journeys.models import RequestReceipt

_CLAIM: Final = """
INSERT INTO journeys_requestreceipt (key, operation, journey_id, created_at)
VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


class RequestRepeated(Exception):
    """The request was carried out before; `journey_id` is what it worked on."""

    def __init__(self, *, key: str, journey_id: int | None) -> None:
        super().__init__(f"request {key} was already carried out")
        self.key = key
        self.journey_id = journey_id


def claim(*, act: Act, operation: str, journey_id: int | None = None) -> None:
    """This will record that the act is being carried out, inside the caller's transaction.

    A concurrent duplicate waits here for the first to commit and is then refused.

    Raises:
        RequestRepeated: the key was used before.
    """
    if act.request_key is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [act.request_key, operation, journey_id, act.now])
        if cursor.rowcount == 1:
            return
    earlier = RequestReceipt.objects.get(key=act.request_key)
    raise RequestRepeated(key=earlier.key, journey_id=earlier.journey_id)


def settle(*, act: Act, journey_id: int) -> None:
    """This will note on the receipt which journey the act created."""
    if act.request_key is not None:
        RequestReceipt.objects.filter(key=act.request_key).update(journey_id=journey_id)
