"""What is imported before anything is forked: what kernels of a build need, what its workers need too, and what both have done once."""

import gc
import importlib
import os
import threading
from functools import cache

UNFIT = 3  # exit code of a process that cannot fork kernels, as when the package cannot be imported
SHARED = (  # what kernels need, and workers of a build need too
    "jupyter_client.session",
    "pyarrow.fs",
    "pydantic",
    "jinja2",
    "yaml",
    "psutil",
    "filelock",
    "PIL.Image",
    "fontTools.ttLib",
    "city_briefs.common.atomic_files",
    "city_briefs.common.block_schema",
    "city_briefs.common.issued_figures",
    "city_briefs.common.regions",
    "city_briefs.common.source_hash",
    "city_briefs.common.theme",
)
WARM = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel_launcher",  # this and the next ones are what every kernel imports as it starts
    "ipykernel.debugger",
    "tornado.platform.asyncio",
    "IPython.core.completer",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.history",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "city_briefs.production.engine.streams",
    "city_briefs.notebook",
    "city_briefs.notebook.new_chapter",
    "city_briefs.analysis.ingest.messages_zh",  # this and what follows would be imported at the first doubt, chart or stored rows
    "matplotlib.backends.backend_svg",
    "pyarrow.dataset",
    "pyarrow.acero",
    "pyarrow.substrait",
    "pyarrow.pandas_compat",
    "pandas.core.methods.to_dict",
)


def import_all(*names: str) -> None:
    """Import modules; where one cannot be imported, end: a notebook meets it again in an ordinary kernel, and tells."""
    try:
        for name in names:
            importlib.import_module(name)
    except Exception:
        os._exit(UNFIT)


@cache
def get_ready() -> None:
    """Import and do once what each kernel needs, of whichever snapshot it is."""
    import_all(*WARM)
    _do("rehearse")


@cache
def read_results() -> None:
    """Read once what each kernel of a build reads of its snapshot, after `get_ready`; no module is to be imported after it."""
    get_ready()
    _do("recall")
    freeze()


def freeze() -> None:
    """Have the collector pass over what is here, which is for all processes that are forked: looking through it would copy it for each.

    From here on it looks through what is new; it was off until now (`zygote.begin`), since what is imported stays.
    """
    gc.freeze()
    gc.enable()


def _do(name: str) -> None:
    """Call a function of `city_briefs.notebook.warmup`; where it fails or leaves a thread, end as above."""
    try:
        getattr(importlib.import_module("city_briefs.notebook.warmup"), name)()
    except Exception:
        os._exit(UNFIT)
    if threading.active_count() > 1:
        os._exit(UNFIT)
