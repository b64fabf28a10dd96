"""What a worker of a build has imported before it is forked, once for all of them: importing this imports it."""

import sys
from contextlib import suppress
from importlib import import_module

# jsonschema imports it where it is there, to tell IRIs that no notebook has; compiling its grammar takes longer than all the rest.
UNWANTED = "rfc3987_syntax"

sys.modules[UNWANTED] = None  # type: ignore[assignment]  # as Python has it of what cannot be imported
with suppress(Exception):  # a worker meets it again, and tells
    for name in ("lib.execution", "lib.assembly"):
        import_module(name)
del sys.modules[UNWANTED]
