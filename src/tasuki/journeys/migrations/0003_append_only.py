"""The database itself refuses to change history.

Events, activities and deal changes are never updated. A stay is closed once and never changed
after. Rows go only when the batch that wrote them is being reverted.
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION tasuki_batch_is_reverting(batch bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM journeys_writebatch WHERE id = batch AND state = 'reverting'
    )
$$;

CREATE FUNCTION tasuki_append_only() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.batch_id IS NOT NULL
       AND tasuki_batch_is_reverting(OLD.batch_id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only: row % cannot be %d', TG_TABLE_NAME, OLD.id, lower(TG_OP)
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE FUNCTION tasuki_stay_history() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.journey_id, OLD.number, OLD.cycle, OLD.visit, OLD.stage, OLD.entered_at,
        OLD.entered_recorded_at) IS DISTINCT FROM
       (NEW.journey_id, NEW.number, NEW.cycle, NEW.visit, NEW.stage, NEW.entered_at,
        NEW.entered_recorded_at) THEN
        RAISE EXCEPTION 'stay %: what was entered and when is never overwritten', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.left_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM journeys_recordchange AS changed
        WHERE changed.entity = 'stay' AND changed.object_id = OLD.id
          AND tasuki_batch_is_reverting(changed.batch_id)
    ) THEN
        RAISE EXCEPTION 'stay % is closed and cannot be changed', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
"""
DROP_FUNCTIONS = """
DROP FUNCTION tasuki_stay_history();
DROP FUNCTION tasuki_append_only();
DROP FUNCTION tasuki_batch_is_reverting(bigint);
"""


def guarded(
    table: str, *, on: str = "UPDATE OR DELETE", by: str = "append_only"
) -> migrations.RunSQL:
    """This will put a trigger on the table."""
    name = f"{table}_{by}"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE {on} ON {table} FOR EACH ROW EXECUTE FUNCTION tasuki_{by}()",
        f"DROP TRIGGER {name} ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("journeys", "0002_tables")]
    operations = [
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        guarded("journeys_event"),
        guarded("journeys_activity"),
        guarded("journeys_dealchange"),
        guarded("journeys_stay", on="DELETE"),
        guarded("journeys_stay", on="UPDATE", by="stay_history"),
    ]
