"""What a worker of a build has imported and done before it is forked, once for all of them: importing this does it."""

import gc
import sys
from contextlib import suppress

from city_briefs.production.packs.chapter_notebook import import_quickly

with suppress(Exception):  # a worker meets it again, and tells
    import_quickly("city_briefs.production.build.run_chapter", "city_briefs.production.build.make_pack")
    sys.modules["city_briefs.production.build.make_pack"].rehearse()
gc.collect()
gc.freeze()  # what is here is for all workers: none need look through it
