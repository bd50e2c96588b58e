"""Finer statistics on the pieces of words, so that rare and frequent words get their own plans."""

from django.db import migrations

INDEXES = ("account_grams", "person_grams", "journey_grams")


class Migration(migrations.Migration):
    dependencies = [("journeys", "0004_index_for_the_course")]
    operations = [
        migrations.RunSQL(
            f"ALTER INDEX {index} ALTER COLUMN 1 SET STATISTICS 1000",
            f"ALTER INDEX {index} ALTER COLUMN 1 SET STATISTICS -1",
        )
        for index in INDEXES
    ]
