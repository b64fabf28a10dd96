"""Ibis under its own names, imported when the first expression is made: a command that only names metrics does not wait for it.

A module of metrics takes `ibis` and `ir` from here. It begins with `from __future__ import annotations`, so that the types in the heads
of its functions are names and no more.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

__all__ = ["ibis", "ir"]


class OnDemand(ModuleType):
    """Stands for a module, which is imported when something is first taken from it."""

    def __getattr__(self, name: str) -> Any:
        """Return what the module has under a name."""
        return getattr(import_module(self.__name__), name)


if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    ibis, ir = OnDemand("ibis"), OnDemand("ibis.expr.types")
