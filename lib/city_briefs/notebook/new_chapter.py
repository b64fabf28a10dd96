"""The beginning of another chapter in a kernel that has run one: it finds the kernel as one that has just started.

A build asks for it between two chapters of nothing but our calls (production/engine/shared_kernel.py). What such calls can leave is taken
away here: names, cells and outputs, the settings of matplotlib, the place of random numbers, and what was noted of reads. What was found
in the results stays, with the reads that it rests on (common/read_log.py, `once`).
"""

import gc
import os
import sys
from collections.abc import Mapping

from city_briefs.common import read_log
from city_briefs.notebook import house_style, parameters, same_draws


def begin(variables: Mapping[str, str]) -> None:
    """Take away what the chapter before has left in this kernel; `variables` are those of the environment that are another now."""
    os.environ.update(variables)
    read_log.begin()
    parameters.begin()
    house_style.begin()
    same_draws.install()
    shell = sys.modules["IPython"].get_ipython()
    shell.reset(new_session=True)
    blank, _ = shell.prepare_user_module()
    vars(shell.user_module).update(vars(blank) | dict.fromkeys(("_", "__", "___"), ""))
    gc.freeze()  # what is kept for the chapters to come: the next reset need not look through it
