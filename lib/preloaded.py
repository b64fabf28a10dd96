"""What a worker of a build has imported and done before it is forked, once for all of them: importing this does it."""

import gc
import sys
from contextlib import suppress

from lib.imports import quickly

with suppress(Exception):  # a worker meets it again, and tells
    quickly("lib.execution", "lib.assembly")
    sys.modules["lib.assembly"].rehearse()
gc.collect()
gc.freeze()  # what is here is for all workers: none need look through it
