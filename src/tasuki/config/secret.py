"""The key that signs sessions and tokens: made once for each installation."""

import os
import secrets
from pathlib import Path


def secret_key(*, home: Path) -> str:
    """Return the key kept in `home`, making it on the first call.

    Two processes that start together agree: the file is linked into place whole, and the
    one that comes second reads what the first one wrote.
    """
    path = home / "secret_key"
    if path.exists():
        return path.read_text(encoding="ascii")
    home.mkdir(parents=True, exist_ok=True)
    draft = home / f".secret_key.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii")
