"""What a page may write: orders to the ETL, in one short transaction on the primary; data it only ever reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from geodata.door import Door, Reader, Scope, refusal
from geodata.errors import StoreBusy

Made = TypeVar("Made")


def write(door: Door, told: Callable[[Reader], Made]) -> Made:
    """Do something in one transaction on the primary.

    Parameters
    ----------
    door : Door
    told : callable
        What is done; nothing of it stands when it raises.

    Raises
    ------
    StoreBusy
        No connection became free.
    StoreError
        The store is down, or will not be written to.
    """
    try:
        with door.sources.primary.engine.begin() as connection:
            return told(Reader(connection, Scope()))
    except NoConnection:
        raise StoreBusy from None
    except DBAPIError as problem:
        raise refusal(problem) from problem
