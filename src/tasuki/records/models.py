"""How people like their lists: saved views and chosen columns."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ListCode(models.TextChoices):
    """The lists of records."""

    JOURNEYS = "journeys", _("Journeys")
    ACCOUNTS = "accounts", _("Accounts")
    PERSONS = "persons", _("Contacts")


class Sharing(models.TextChoices):
    """Who else sees a saved view."""

    PRIVATE = "private", _("Only me")
    TEAM = "team", _("My team")
    ALL = "all", _("Everybody")


class SavedView(models.Model):
    """A named set of conditions of a list: the query of its address, and its sort."""

    list_code = models.CharField(max_length=16, choices=ListCode)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(
        "people.Team", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=2000, blank=True)
    sharing = models.CharField(
        _("shared with"), max_length=8, choices=Sharing, default=Sharing.PRIVATE
    )
    created_at = models.DateTimeField()

    class Meta:
        """A name stands once for each person and list; a team's view names its team."""

        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "list_code", "name"], name="saved_view_name_once"
            ),
            models.CheckConstraint(
                condition=~Q(sharing="team") | Q(team__isnull=False), name="saved_view_team"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ListColumns(models.Model):
    """The columns that a person chose for a list, in order."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    list_code = models.CharField(max_length=16, choices=ListCode)
    columns = models.JSONField(default=list)

    class Meta:
        """One choice for each person and list."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "list_code"], name="list_columns_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.list_code}"
