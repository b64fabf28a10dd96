"""Waiting for what another process does, with an end."""

import time

WAIT = 300  # seconds for what comes within a few, unless the machine is busy or it never comes


def until(there, what):
    """What `there` gives, once it gives anything."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        if found := there():
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come within {WAIT} s")
