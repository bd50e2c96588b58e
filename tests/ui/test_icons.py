"""Every icon that a page names is in the sprite; a missing one would leave a gap in a button."""

import re
from pathlib import Path

import tasuki

SOURCE = Path(tasuki.__file__).parent
NAMED = re.compile(r"""icon(?:_name=|\()["']([a-z0-9-]+)["']""")


def test_every_icon_of_the_templates_is_in_the_sprite() -> None:
    icons = SOURCE / "ui" / "frontend" / "icons"
    known = {line.strip() for line in (icons / "icons.txt").read_text().splitlines()}
    known |= {path.stem for path in (icons / "own").glob("*.svg")}
    used = {
        name
        for template in SOURCE.glob("*/jinja2/**/*.html")
        for name in NAMED.findall(template.read_text(encoding="utf-8"))
    }
    assert used - known == set()
