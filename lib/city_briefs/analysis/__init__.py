"""From files to blocks: what is counted, compared, judged, drawn and shown.

`blocks` and `explain` are loaded when something of them is used: they come with all that draws, which whoever only looks at the calls of
a chapter does without.
"""

from importlib import import_module
from types import ModuleType
from typing import Any


class _WhenUsed(ModuleType):
    """Stands for a module that is loaded with the first of its names that is asked for.

    It is not the module itself, and so an import of one of its submodules is what it is anywhere (the loader of `importlib.util` would
    put the submodule in the place of a function of the same name).
    """

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)


globals().update({name: _WhenUsed(f"{__name__}.{name}") for name in ("blocks", "explain")})
