"""The SQL twin of `core.ngrams.grams`; partial-word search is indexed by it."""

from django.db import migrations

# A loop over an array of characters: `substr` would count multibyte characters from the start each
# time, and sorting out repeats is the index's own work. A dozen times quicker than a set query.
CREATE = """
CREATE FUNCTION tasuki_grams(searched text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    letters text[] := string_to_array(replace(searched, ' ', ''), NULL);
    pieces text[] := letters;
BEGIN
    FOR place IN 1..cardinality(letters) - 1 LOOP
        pieces := array_append(pieces, letters[place] || letters[place + 1]);
    END LOOP;
    RETURN pieces;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION tasuki_grams(text)")]
