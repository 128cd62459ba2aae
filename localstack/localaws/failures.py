"""A failure of a living thing, asked for beforehand or brought about by what it was made from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Failure:
    """`what` names the kind of change it waits for; an empty name fits every thing of that kind."""

    what: str
    code: str = ""
    message: str = ""
    name: str = ""
    status: str = ""
    times: int = 1
