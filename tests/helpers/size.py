"""How large a run of tests is: `make test` runs what fits into a coffee break, `make test-all` everything in its full size."""

import os

import pytest

FULL = bool(os.environ.get("FULL_SIZE"))
in_full = pytest.mark.skipif(not FULL, reason="runs in `make test-all`")
