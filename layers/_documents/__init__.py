"""The policy documents: one file each, with every target that it sets; `ls layers/_documents/` is the shelf."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from layers import indicator
from layers._documents._conflicts import CONFLICTS
from layers._errors import DeclarationError
from layers._target import Conflict, Document
from layers._target_check import check_conflicts, check_documents

__all__ = ["conflicts", "documents"]


@cache
def documents() -> dict[str, Document]:
    """Every declared document by name, in the order of their files' numbers.

    Raises
    ------
    DeclarationError
        A file without a DOCUMENT, or a target that contradicts itself or the themes.
    """
    found = [_declared(module.name) for module in iter_modules(__path__) if not module.name.startswith("_")]
    check_documents(found, lambda name: indicator(name)[1])
    check_conflicts(CONFLICTS, found, "layers/_documents/_conflicts.py")
    return {each.name: each for each in sorted(found, key=lambda each: (each.source, each.name))}


def conflicts() -> tuple[Conflict, ...]:
    """Where two targets cannot both be followed."""
    return CONFLICTS


def _declared(name: str) -> Document:
    declared = getattr(import_module(f"{__name__}.{name}"), "DOCUMENT", None)
    place = f"layers/_documents/{name}.py"
    if not isinstance(declared, Document):
        raise DeclarationError(place, "it declares no DOCUMENT", "write DOCUMENT = Document(...) or start its name with _")
    if declared.name != name:
        raise DeclarationError(place, f"its document is called {declared.name!r}", f"call it {name!r} or rename the file")
    return declared
