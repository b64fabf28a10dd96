"""From files to blocks: what is counted, compared, judged, drawn and shown.

`blocks` and `explain` are loaded when something of them is used: they come with all that draws, which whoever only looks at the calls of
a chapter does without.
"""

import sys
from importlib.util import LazyLoader, find_spec, module_from_spec
from types import ModuleType


def _when_used(name: str) -> ModuleType:
    """Return a module that is loaded with the first of its names that is asked for."""
    spec = find_spec(name)
    assert spec and spec.loader
    spec.loader = LazyLoader(spec.loader)
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


globals().update({name: _when_used(f"{__name__}.{name}") for name in ("blocks", "explain")})
