"""Imports of slow libraries without the parts that nothing here uses."""

import sys
from importlib import import_module

# jsonschema imports it where it is there, to tell IRIs that no notebook has; compiling its grammar takes longer than all the rest.
UNWANTED = "rfc3987_syntax"


def quickly(*names: str) -> None:
    """Import modules and all that they import, except UNWANTED."""
    kept = sys.modules.get(UNWANTED)
    sys.modules[UNWANTED] = None  # type: ignore[assignment]  # as Python has it of what cannot be imported
    try:
        for name in names:
            import_module(name)
    finally:
        if kept:
            sys.modules[UNWANTED] = kept
        else:
            del sys.modules[UNWANTED]
