"""Packets, every time that one was offered, and what had to be asked again."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE FUNCTION tasuki_round_history() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'round % of a hand-off has ended and cannot be changed', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER journeys_handoffround_round_history
    BEFORE UPDATE ON journeys_handoffround
    FOR EACH ROW EXECUTE FUNCTION tasuki_round_history();
CREATE TRIGGER journeys_handoffround_append_only
    BEFORE DELETE ON journeys_handoffround
    FOR EACH ROW EXECUTE FUNCTION tasuki_append_only();
"""
UNGUARD = """
DROP TRIGGER journeys_handoffround_append_only ON journeys_handoffround;
DROP TRIGGER journeys_handoffround_round_history ON journeys_handoffround;
DROP FUNCTION tasuki_round_history();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0005_gram_statistics"),
        ("people", "0002_account_events"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("journey_opened", "journey_opened"),
                    ("advanced", "advanced"),
                    ("moved_back", "moved_back"),
                    ("recycled", "recycled"),
                    ("disqualified", "disqualified"),
                    ("lost", "lost"),
                    ("churned", "churned"),
                    ("reactivated", "reactivated"),
                    ("won_back", "won_back"),
                    ("completed", "completed"),
                    ("owner_assigned", "owner_assigned"),
                    ("next_action_set", "next_action_set"),
                    ("handoff_offered", "handoff_offered"),
                    ("handoff_accepted", "handoff_accepted"),
                    ("handoff_returned", "handoff_returned"),
                    ("handoff_withdrawn", "handoff_withdrawn"),
                    ("handoff_expired", "handoff_expired"),
                    ("handoff_rated", "handoff_rated"),
                    ("handoff_asked_again", "handoff_asked_again"),
                    ("deal_changed", "deal_changed"),
                    ("subscription_added", "subscription_added"),
                    ("subscription_ended", "subscription_ended"),
                    ("answers_recorded", "answers_recorded"),
                    ("details_changed", "details_changed"),
                    ("gate_not_shown", "gate_not_shown"),
                    ("date_conflict", "date_conflict"),
                    ("merged", "merged"),
                    ("unmerged", "unmerged"),
                    ("imported", "imported"),
                ],
                max_length=32,
            ),
        ),
        migrations.CreateModel(
            name="Handoff",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cycle", models.PositiveIntegerField()),
                (
                    "contract",
                    models.CharField(
                        help_text="Key of the contract in the blueprint.", max_length=32
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("forward", "forward"), ("back", "back"), ("voice", "voice")],
                        max_length=8,
                    ),
                ),
                (
                    "giver_department",
                    models.CharField(
                        choices=[
                            ("marketing", "marketing"),
                            ("inside_sales", "inside_sales"),
                            ("field_sales", "field_sales"),
                            ("success", "success"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "taker_department",
                    models.CharField(
                        choices=[
                            ("marketing", "marketing"),
                            ("inside_sales", "inside_sales"),
                            ("field_sales", "field_sales"),
                            ("success", "success"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "offered"),
                            ("accepted", "accepted"),
                            ("returned", "returned"),
                            ("withdrawn", "withdrawn"),
                            ("expired", "expired"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "holds",
                    models.BooleanField(
                        default=False,
                        help_text="Accepted, and the journey has not gone back before it since.",
                    ),
                ),
                ("round", models.PositiveIntegerField(default=1)),
                (
                    "returns",
                    models.PositiveIntegerField(
                        default=0, help_text="How often it came back (差し戻し)."
                    ),
                ),
                ("values", models.JSONField(default=dict, help_text="What was told, by item key.")),
                ("completeness_ratio", models.FloatField(default=0)),
                (
                    "message",
                    models.TextField(
                        blank=True, help_text="A word from the giver, beside the items."
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        help_text="The giver's reason for giving back (kind back).",
                        max_length=64,
                    ),
                ),
                ("offered_at", models.DateTimeField()),
                ("accept_warn_at", models.DateTimeField(null=True)),
                ("accept_due_at", models.DateTimeField(null=True)),
                ("contact_due_at", models.DateTimeField(null=True)),
                ("meeting_due_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "contacted_at",
                    models.DateTimeField(
                        help_text="The first time the receiver reached out after the offer.",
                        null=True,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=64)),
                (
                    "item",
                    models.CharField(
                        blank=True, help_text="The item named as missing.", max_length=32
                    ),
                ),
                ("note", models.TextField(blank=True)),
                (
                    "usefulness",
                    models.PositiveSmallIntegerField(
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                    ),
                ),
                ("rated_at", models.DateTimeField(null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journeys.writebatch",
                    ),
                ),
                (
                    "blueprint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journeys.blueprintversion",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journeys.journey",
                    ),
                ),
                (
                    "rated_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "receiver_team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.team",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AskedAgain",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item", models.CharField(max_length=32)),
                ("note", models.TextField(blank=True)),
                ("marked_at", models.DateTimeField()),
                (
                    "batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journeys.writebatch",
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journeys.journey",
                    ),
                ),
                (
                    "marked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "handoff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journeys.handoff",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HandoffRound",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("values", models.JSONField(default=dict)),
                ("completeness_ratio", models.FloatField()),
                ("message", models.TextField(blank=True)),
                ("offered_at", models.DateTimeField()),
                ("accept_due_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("offered", "offered"),
                            ("accepted", "accepted"),
                            ("returned", "returned"),
                            ("withdrawn", "withdrawn"),
                            ("expired", "expired"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=64)),
                ("item", models.CharField(blank=True, max_length=32)),
                ("note", models.TextField(blank=True)),
                (
                    "batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journeys.writebatch",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "handoff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journeys.handoff",
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journeys.journey",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(fields=["journey", "-id"], name="handoff_journey"),
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(
                condition=models.Q(("state", "offered")),
                fields=["taker_department", "receiver", "accept_due_at"],
                name="handoff_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(
                condition=models.Q(("state__in", ["offered", "returned", "expired"])),
                fields=["giver", "accept_due_at"],
                name="handoff_given",
            ),
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(
                condition=models.Q(("contacted_at__isnull", True), ("state", "accepted")),
                fields=["receiver", "contact_due_at"],
                name="handoff_first_contact",
            ),
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(fields=["contract", "offered_at"], name="handoff_contract"),
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(
                condition=models.Q(("batch__isnull", False)), fields=["batch"], name="handoff_batch"
            ),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "offered")),
                fields=("journey", "contract"),
                name="handoff_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("usefulness__isnull", True), ("usefulness__range", (1, 5)), _connector="OR"
                ),
                name="handoff_usefulness",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("state", "offered")),
                    models.Q(
                        models.Q(("state", "offered"), _negated=True), ("decided_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="handoff_decided_has_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.CheckConstraint(
                condition=models.Q(("holds", False), ("state", "accepted"), _connector="OR"),
                name="handoff_holds_is_accepted",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.CheckConstraint(
                condition=models.Q(("completeness_ratio__range", (0, 1))),
                name="handoff_completeness",
            ),
        ),
        migrations.AddConstraint(
            model_name="askedagain",
            constraint=models.UniqueConstraint(fields=("handoff", "item"), name="askedagain_once"),
        ),
        migrations.AddIndex(
            model_name="handoffround",
            index=models.Index(fields=["ended_at"], name="handoffround_ended"),
        ),
        migrations.AddIndex(
            model_name="handoffround",
            index=models.Index(fields=["journey"], name="handoffround_journey"),
        ),
        migrations.AddConstraint(
            model_name="handoffround",
            constraint=models.UniqueConstraint(
                fields=("handoff", "number"), name="handoffround_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="handoffround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("outcome", "")),
                    models.Q(("ended_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                    _connector="OR",
                ),
                name="handoffround_ended_has_outcome",
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
