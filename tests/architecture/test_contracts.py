"""The checks of `make lint` that guard promises, run as tests so that none can be skipped."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a tool of the virtual environment in the root folder."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_layers_import_only_what_stands_below_them() -> None:
    done = run("lint-imports", "--no-cache")

    assert done.returncode == 0, done.stdout


def test_every_text_has_its_japanese() -> None:
    done = run(sys.executable, "scripts/messages.py", "check")

    assert done.returncode == 0, done.stderr
