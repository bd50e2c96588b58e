"""The packet: one object for every hand-off between departments, and each time it was offered."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from tasuki.core.blueprint import ContractKind
from tasuki.core.departments import Department
from tasuki.core.handoffs import PacketState
from tasuki.journeys.models.flow import Journey
from tasuki.journeys.models.process import BlueprintVersion, WriteBatch

_DEPARTMENTS = [(d.value, d.value) for d in Department]


class Handoff(models.Model):
    """A packet as it stands now. `HandoffRound` keeps every time that it was offered."""

    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, related_name="+")
    cycle = models.PositiveIntegerField()
    contract = models.CharField(max_length=32, help_text="Key of the contract in the blueprint.")
    kind = models.CharField(max_length=8, choices=[(k.value, k.value) for k in ContractKind])
    blueprint = models.ForeignKey(BlueprintVersion, on_delete=models.PROTECT, related_name="+")
    giver_department = models.CharField(max_length=16, choices=_DEPARTMENTS)
    taker_department = models.CharField(max_length=16, choices=_DEPARTMENTS)

    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in PacketState])
    holds = models.BooleanField(
        default=False, help_text="Accepted, and the journey has not gone back before it since."
    )
    round = models.PositiveIntegerField(default=1)
    returns = models.PositiveIntegerField(default=0, help_text="How often it came back (差し戻し).")
    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    receiver_team = models.ForeignKey(
        "people.Team", null=True, on_delete=models.PROTECT, related_name="+"
    )
    values = models.JSONField(default=dict, help_text="What was told, by item key.")
    completeness_ratio = models.FloatField(default=0)
    message = models.TextField(blank=True, help_text="A word from the giver, beside the items.")
    why = models.CharField(
        max_length=64, blank=True, help_text="The giver's reason for giving back (kind back)."
    )

    offered_at = models.DateTimeField()
    accept_warn_at = models.DateTimeField(null=True)
    accept_due_at = models.DateTimeField(null=True)
    contact_due_at = models.DateTimeField(null=True)
    meeting_due_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    contacted_at = models.DateTimeField(
        null=True, help_text="The first time the receiver reached out after the offer."
    )
    reason = models.CharField(max_length=64, blank=True)
    item = models.CharField(max_length=32, blank=True, help_text="The item named as missing.")
    note = models.TextField(blank=True)

    usefulness = models.PositiveSmallIntegerField(
        null=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    rated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    rated_at = models.DateTimeField(null=True)
    batch = models.ForeignKey(WriteBatch, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["journey", "-id"], name="handoff_journey"),
            models.Index(
                fields=["taker_department", "receiver", "accept_due_at"],
                name="handoff_queue",
                condition=Q(state="offered"),
            ),
            models.Index(
                fields=["giver", "accept_due_at"],
                name="handoff_given",
                condition=Q(state__in=["offered", "returned", "expired"]),
            ),
            models.Index(
                fields=["receiver", "contact_due_at"],
                name="handoff_first_contact",
                condition=Q(state="accepted", contacted_at__isnull=True),
            ),
            models.Index(fields=["contract", "offered_at"], name="handoff_contract"),
            models.Index(fields=["batch"], name="handoff_batch", condition=Q(batch__isnull=False)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["journey", "contract"],
                condition=Q(state="offered"),
                name="handoff_one_open",
            ),
            models.CheckConstraint(
                condition=Q(usefulness__isnull=True) | Q(usefulness__range=(1, 5)),
                name="handoff_usefulness",
            ),
            models.CheckConstraint(
                condition=Q(state="offered", decided_at__isnull=True)
                | (~Q(state="offered") & Q(decided_at__isnull=False)),
                name="handoff_decided_has_date",
            ),
            models.CheckConstraint(
                condition=Q(holds=False) | Q(state="accepted"), name="handoff_holds_is_accepted"
            ),
            models.CheckConstraint(
                condition=Q(completeness_ratio__range=(0, 1)), name="handoff_completeness"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.pk} {self.state}"


class HandoffRound(models.Model):
    """One time that a packet was offered, and how that ended. Ended once, then never changed."""

    handoff = models.ForeignKey(Handoff, on_delete=models.PROTECT, related_name="+")
    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    values = models.JSONField(default=dict)
    completeness_ratio = models.FloatField()
    message = models.TextField(blank=True)
    offered_at = models.DateTimeField()
    accept_due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(
        max_length=16, blank=True, choices=[(s.value, s.value) for s in PacketState]
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=64, blank=True)
    item = models.CharField(max_length=32, blank=True)
    note = models.TextField(blank=True)
    batch = models.ForeignKey(WriteBatch, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["ended_at"], name="handoffround_ended"),
            models.Index(fields=["journey"], name="handoffround_journey"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["handoff", "number"], name="handoffround_once"),
            models.CheckConstraint(
                condition=(Q(ended_at__isnull=True) & Q(outcome=""))
                | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="handoffround_ended_has_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handoff_id} round {self.number}"


class AskedAgain(models.Model):
    """The receiver had to ask the customer for something that the packet had told (再質問)."""

    handoff = models.ForeignKey(Handoff, on_delete=models.PROTECT, related_name="+")
    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=32)
    note = models.TextField(blank=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    marked_at = models.DateTimeField()
    batch = models.ForeignKey(WriteBatch, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["handoff", "item"], name="askedagain_once"),
        ]

    def __str__(self) -> str:
        return f"{self.handoff_id} {self.item}"
