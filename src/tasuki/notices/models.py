"""Notices, what each person chose about them, and how far their sending is."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tasuki.core.departments import Department
from tasuki.notices.kinds import Channel, Group, NoticeKind, Pace, SendState, Urgency


def _choices(
    closed_set: type[NoticeKind | Channel | Group | Pace | SendState | Urgency],
) -> list[tuple[str, str]]:
    return [(item.value, item.value) for item in closed_set]


class Notice(models.Model):
    """One thing told to one person; without a person it is for the company's webhooks.

    `facts` are what the text is made of in the reader's language, never the text itself. The same
    fact is told to the same reader once: that is what `key` is for.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=20, choices=_choices(NoticeKind))
    urgency = models.CharField(max_length=8, choices=_choices(Urgency), default=Urgency.PLAIN.value)
    # Plain numbers: what was told stays when an import that brought the journey is taken back.
    journey_id = models.BigIntegerField(null=True)
    handoff_id = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)
    url = models.CharField(max_length=200)
    is_listed = models.BooleanField(
        default=True, help_text="Shown in the app; off when the reader wants only mail."
    )
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        """The newest first."""

        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="notice_user"),
            models.Index(
                fields=["user"],
                name="notice_unread",
                condition=Q(read_at__isnull=True, is_listed=True),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Preference(models.Model):
    """How soon one person wants one group of notices by one way."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    group = models.CharField(max_length=16, choices=_choices(Group))
    channel = models.CharField(max_length=8, choices=_choices(Channel))
    pace = models.CharField(max_length=8, choices=_choices(Pace))

    class Meta:
        """One choice for each."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "group", "channel"], name="preference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.channel} {self.pace}"


class QuietTime(models.Model):
    """Whether mail and webhook wait for a person's working hours. Without a row they do."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    is_kept = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.user_id} {self.is_kept}"


class Webhook(models.Model):
    """An address that notices are posted to: a person's own, a team's, or the company's."""

    name = models.CharField(_("name"), max_length=80)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    team = models.ForeignKey(
        "people.Team", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    department = models.CharField(
        max_length=16, blank=True, choices=[(item.value, item.value) for item in Department]
    )
    url = models.CharField(_("address"), max_length=500)
    secret = models.CharField(max_length=80)
    groups = models.JSONField(default=list, help_text="Which groups go out; a person's own: all.")
    pace = models.CharField(max_length=8, choices=_choices(Pace), default=Pace.NOW.value)
    is_active = models.BooleanField(_("active"), default=True)
    stopped_because = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        """By name; a person's own belongs to no team."""

        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(user__isnull=True) | Q(team__isnull=True, department=""),
                name="webhook_of_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """The way of one notice to one place. Those that go out together share `message`.

    `message` is given before anything is sent and stays for every attempt: the receiver of a
    webhook knows a repeated one by it.
    """

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=_choices(Channel))
    webhook = models.ForeignKey(Webhook, null=True, on_delete=models.CASCADE, related_name="+")
    pace = models.CharField(max_length=8, choices=_choices(Pace))
    state = models.CharField(
        max_length=8, choices=_choices(SendState), default=SendState.QUEUED.value
    )
    message = models.UUIDField(null=True, default=None)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    next_try_at = models.DateTimeField()
    sending_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        """Each notice goes to each place once."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["notice", "channel", "webhook"],
                nulls_distinct=False,
                name="delivery_once",
            ),
            models.CheckConstraint(
                condition=Q(channel=Channel.WEBHOOK.value, webhook__isnull=False)
                | (~Q(channel=Channel.WEBHOOK.value) & Q(webhook__isnull=True)),
                name="delivery_place",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at"],
                name="delivery_queued",
                condition=Q(state=SendState.QUEUED.value),
            ),
            models.Index(
                fields=["sending_at"],
                name="delivery_sending",
                condition=Q(state=SendState.SENDING.value),
            ),
            models.Index(
                fields=["message"], name="delivery_message", condition=Q(message__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class Bookmark(models.Model):
    """How far the journal of the journeys is read (see `journeys.queries.journal`)."""

    name = models.CharField(max_length=40, unique=True)
    place = models.JSONField()

    def __str__(self) -> str:
        return self.name


class JobRun(models.Model):
    """When the worker last ran a periodic job, and how it went."""

    name = models.CharField(max_length=40, unique=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        """By name."""

        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


def new_message() -> uuid.UUID:
    """Return a number for what goes out together."""
    return uuid.uuid4()
