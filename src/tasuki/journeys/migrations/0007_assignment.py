"""Decisions of assignment by rule, and the handing on of what somebody holds."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE FUNCTION tasuki_kept_with_journey() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT 1 FROM journeys_journey
        WHERE id = OLD.journey_id AND tasuki_batch_is_reverting(batch_id)
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only: row % cannot be %d', TG_TABLE_NAME, OLD.id, lower(TG_OP)
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER journeys_assignmentdecision_kept
    BEFORE UPDATE OR DELETE ON journeys_assignmentdecision
    FOR EACH ROW EXECUTE FUNCTION tasuki_kept_with_journey();
"""
UNGUARD = """
DROP TRIGGER journeys_assignmentdecision_kept ON journeys_assignmentdecision;
DROP FUNCTION tasuki_kept_with_journey();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0006_handoffs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AssignmentDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "department",
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
                    "rule",
                    models.CharField(
                        blank=True, help_text="Key of the rule; empty: none fits.", max_length=32
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("keeps_account", "keeps_account"),
                            ("smallest_load", "smallest_load"),
                            ("their_turn", "their_turn"),
                            ("only_one", "only_one"),
                            ("no_rule", "no_rule"),
                            ("nobody_named", "nobody_named"),
                            ("nobody_free", "nobody_free"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "considered",
                    models.JSONField(
                        default=list,
                        help_text="Each with user, name, load, weight, capacity and skip.",
                    ),
                ),
                ("decided_at", models.DateTimeField()),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("opened", "Opened"),
                            ("handed_off", "Handed Off"),
                            ("handed_on", "Handed On"),
                            ("asked", "Asked"),
                        ],
                        max_length=12,
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
                    "chosen",
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
            ],
            options={
                "indexes": [
                    models.Index(fields=["journey", "-id"], name="assignment_journey"),
                    models.Index(
                        fields=["chosen", "department", "-decided_at"], name="assignment_turn"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reassignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "stages",
                    models.JSONField(
                        default=list, help_text="Codes of the stages and side tracks."
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("requested_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("running", "Running"), ("done", "Done")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                (
                    "queued",
                    models.PositiveIntegerField(
                        default=0, help_text="Of those done, how many wait in a department's queue."
                    ),
                ),
                (
                    "taken",
                    models.JSONField(
                        default=dict, help_text="User id to how many they were given."
                    ),
                ),
                ("last_journey_id", models.BigIntegerField(default=0)),
                ("heartbeat_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "from_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "to_user",
                    models.ForeignKey(
                        help_text="None: by the rules of assignment.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["from_user", "-id"], name="reassignment_from")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "done"), _negated=True),
                        fields=("from_user",),
                        name="reassignment_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_user__isnull", True),
                            models.Q(("to_user", models.F("from_user")), _negated=True),
                            _connector="OR",
                        ),
                        name="reassignment_to_another",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
