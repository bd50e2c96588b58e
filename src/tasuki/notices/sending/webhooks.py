"""Posting a message to a webhook: as Slack reads it, signed as Standard Webhooks says.

https://www.standardwebhooks.com: `webhook-id` stays for every attempt, so that a receiver can
leave out what it has; `webhook-signature` is an HMAC-SHA256 of id, time stamp and body.
"""

import base64
import hashlib
import hmac
import json
import secrets
import socket
import ssl
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from http.client import HTTPConnection, HTTPException
from threading import Timer
from typing import Final

from tasuki.notices.sending.addresses import AddressRefused, Target, read_address, resolve

_PREFIX: Final = "whsec_"
_SECONDS: Final = 10
_SECONDS_IN_ALL: Final = 20
_PASSING: Final = frozenset({408, 425, 429})
"""Refusals that another attempt may overcome, besides all of the 500s."""


class Outcome(Enum):
    """How an attempt ended."""

    DONE = "done"
    AGAIN = "again"
    """Not done; another attempt may help."""
    NEVER = "never"
    """Refused for good."""
    GONE = "gone"
    """The receiver wants nothing any more (410)."""
    UNCLEAR = "unclear"
    """Perhaps it arrived, perhaps not."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """How an attempt ended, and a short note for the person who looks."""

    outcome: Outcome
    note: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One message for one webhook."""

    message_id: str
    text: str
    url: str
    secret: str


def new_secret() -> str:
    """Return a secret to sign with."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()


def escape(text: str) -> str:
    """Return text that calls nobody and links nowhere, as Slack asks for it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def signature(*, secret: str, message_id: str, stamp: int, body: bytes) -> str:
    """Return the value of `webhook-signature`."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = f"{message_id}.{stamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def post(message: Post, *, now: datetime, private: bool) -> Attempt:
    """Make one attempt; redirects are not followed."""
    try:
        target = read_address(message.url, private=private)
        number = resolve(target, private=private)
    except AddressRefused as refused:
        may_pass = refused.code == "unknown_name"
        return Attempt(Outcome.AGAIN if may_pass else Outcome.NEVER, refused.code)
    try:
        return _judge(_send(message, target, number, int(now.timestamp())))
    except ssl.SSLError:
        return Attempt(Outcome.AGAIN, "certificate")
    except TimeoutError:
        return Attempt(Outcome.AGAIN, "timeout")
    except (OSError, HTTPException):
        return Attempt(Outcome.AGAIN, "unreachable")


def _judge(status: int) -> Attempt:
    note = f"HTTP {status}"
    if 200 <= status < 300:
        return Attempt(Outcome.DONE, note)
    if status == 410:
        return Attempt(Outcome.GONE, note)
    may_pass = status >= 500 or status in _PASSING
    return Attempt(Outcome.AGAIN if may_pass else Outcome.NEVER, note)


def _send(message: Post, target: Target, number: str, stamp: int) -> int:
    body = json.dumps({"text": message.text}, ensure_ascii=False).encode()
    connection = _Connection(target, number)
    # Each read may take its seconds; a receiver that drips letters must not hold the worker.
    watch = Timer(_SECONDS_IN_ALL, connection.break_off)
    watch.daemon = True
    watch.start()
    try:
        connection.request(
            "POST",
            target.path,
            body=body,
            headers={
                "Host": target.host_header,
                "Content-Type": "application/json; charset=utf-8",
                "User-Agent": "Tasuki",
                "webhook-id": message.message_id,
                "webhook-timestamp": str(stamp),
                "webhook-signature": signature(
                    secret=message.secret, message_id=message.message_id, stamp=stamp, body=body
                ),
            },
        )
        return connection.getresponse().status
    finally:
        watch.cancel()
        connection.close()


class _Connection(HTTPConnection):
    """Connects to the number that was judged, and greets it by its name."""

    def __init__(self, target: Target, number: str) -> None:
        super().__init__(target.host, target.port, timeout=_SECONDS)
        self._target = target
        self._number = number

    def connect(self) -> None:
        """Open the connection, encrypted where the address says so."""
        plain = socket.create_connection((self._number, self.port), timeout=_SECONDS)
        self.sock = plain
        if self._target.is_encrypted:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(plain, server_hostname=self._target.host)

    def break_off(self) -> None:
        """End whatever is under way."""
        if self.sock is not None:
            self.sock.shutdown(socket.SHUT_RDWR)
