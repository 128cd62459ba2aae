"""A failure of a living thing, asked for beforehand or brought about by what it was made from."""

from __future__ import annotations

from dataclasses import dataclass

from moto.core.exceptions import ServiceException

from .errors import ApiError


@dataclass
class Failure:
    """`what` names the kind of change it waits for; an empty name fits every thing of that kind."""

    what: str
    code: str = ""
    message: str = ""
    name: str = ""
    status: str = ""
    times: int = 1


def failure_of(error: Exception, refused: str, otherwise: str) -> Failure:
    """What a change ends with that another service refused, or that went wrong here."""
    if isinstance(error, (ServiceException, ApiError)):
        return Failure("", refused, f"{error.code} - {error.message}".removesuffix(" - "))
    return Failure("", otherwise, f"{type(error).__name__}: {error}")
