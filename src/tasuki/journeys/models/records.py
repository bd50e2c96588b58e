"""Who the journeys are about: companies and their people."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.fields import TextField

from tasuki.journeys.models.process import WriteBatch


class Grams(Func):
    """The one- and two-character pieces of a text; what partial-word search is indexed by."""

    function = "tasuki_grams"
    arity = 1
    output_field = TextField()


class Account(models.Model):
    """A company (取引先企業)."""

    name = models.CharField(max_length=200)
    name_kana = models.CharField(max_length=200, blank=True)
    company_key = models.CharField(max_length=200, blank=True)
    sort_key = models.CharField(max_length=100, blank=True)
    domain = models.CharField(max_length=253, blank=True)
    corporate_number = models.CharField(max_length=13, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    phone_key = models.CharField(max_length=20, blank=True)
    industry = models.CharField(max_length=64, blank=True)
    employees = models.PositiveIntegerField(null=True, blank=True)
    prefecture = models.CharField(max_length=32, blank=True)
    segment = models.CharField(max_length=32, blank=True)
    is_named = models.BooleanField(default=False, help_text="A target account (ABM).")
    motion = models.CharField(
        max_length=32, blank=True, help_text="Chosen by hand; empty: the blueprint's rule decides."
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    attributes = models.JSONField(default=dict, blank=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    search_text = models.TextField(blank=True)
    batch = models.ForeignKey(
        WriteBatch, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company_key"], name="account_company_key"),
            models.Index(fields=["domain"], name="account_domain", condition=~Q(domain="")),
            models.Index(
                fields=["corporate_number"],
                name="account_corporate_number",
                condition=~Q(corporate_number=""),
            ),
            models.Index(fields=["phone_key"], name="account_phone", condition=~Q(phone_key="")),
            models.Index(fields=["sort_key", "id"], name="account_sort"),
            models.Index(fields=["segment", "id"], name="account_segment"),
            models.Index(fields=["-updated_at", "-id"], name="account_recent"),
            models.Index(fields=["batch"], name="account_batch", condition=Q(batch__isnull=False)),
            GinIndex(Grams(F("search_text")), name="account_grams"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="account_named"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="account_not_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """A person at a company (担当者)."""

    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    family_name = models.CharField(max_length=100, blank=True)
    given_name = models.CharField(max_length=100, blank=True)
    family_kana = models.CharField(max_length=100, blank=True)
    given_kana = models.CharField(max_length=100, blank=True)
    sort_key = models.CharField(max_length=100, blank=True)
    email = models.CharField(max_length=254, blank=True)
    email_key = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    phone_key = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=100, blank=True)
    department = models.CharField(max_length=100, blank=True)
    role = models.CharField(max_length=32, blank=True, help_text="Part in the buying decision.")
    attributes = models.JSONField(default=dict, blank=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    search_text = models.TextField(blank=True)
    batch = models.ForeignKey(
        WriteBatch, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["email_key"], name="person_email", condition=~Q(email_key="")),
            models.Index(fields=["phone_key"], name="person_phone", condition=~Q(phone_key="")),
            models.Index(fields=["sort_key", "id"], name="person_sort"),
            models.Index(fields=["-updated_at", "-id"], name="person_recent"),
            models.Index(fields=["batch"], name="person_batch", condition=Q(batch__isnull=False)),
            GinIndex(Grams(F("search_text")), name="person_grams"),
        ]

    def __str__(self) -> str:
        return f"{self.family_name} {self.given_name}".strip() or self.email
