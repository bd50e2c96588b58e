"""Lets `python -m tasuki.cli` do what `tasuki` does."""

import sys

from tasuki.cli.main import main

sys.exit(main())
