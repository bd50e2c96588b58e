"""The shared facts every department and every figure stands on."""

from tasuki.journeys.models.assignment import AssignmentDecision, Reassignment
from tasuki.journeys.models.facts import (
    Activity,
    Campaign,
    Channel,
    DealChange,
    Event,
    Spend,
    SubscriptionPeriod,
)
from tasuki.journeys.models.flow import Journey, Stay
from tasuki.journeys.models.handoffs import AskedAgain, Handoff, HandoffRound
from tasuki.journeys.models.identity import Merge, NotDuplicate
from tasuki.journeys.models.process import (
    BlueprintVersion,
    ExchangeRate,
    ExternalRef,
    RecordChange,
    ReportingSettings,
    RequestReceipt,
    WriteBatch,
)
from tasuki.journeys.models.records import Account, Person

__all__ = [
    "Account",
    "Activity",
    "AskedAgain",
    "AssignmentDecision",
    "BlueprintVersion",
    "Campaign",
    "Channel",
    "DealChange",
    "Event",
    "ExchangeRate",
    "ExternalRef",
    "Handoff",
    "HandoffRound",
    "Journey",
    "Merge",
    "NotDuplicate",
    "Person",
    "Reassignment",
    "RecordChange",
    "ReportingSettings",
    "RequestReceipt",
    "Spend",
    "Stay",
    "SubscriptionPeriod",
    "WriteBatch",
]
