"""The table of operations, and how one is called."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from ..call import Call
from ..errors import ApiError, not_implemented
from ..http1 import Response
from .shapes import read_request, write_answer

Answer = dict[str, Any]
OPERATIONS: dict[str, Callable[[Call], Answer]] = {}


def operation(name: str) -> Callable[[Callable[[Call], Answer]], Callable[[Call], Answer]]:
    def register(function: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
        OPERATIONS[name] = function
        return function

    return register


def handle(call: Call) -> Response:
    function = OPERATIONS.get(call.operation)
    if not function:
        raise not_implemented("eks", call.operation)
    call.params = read_request(call.operation, call.params)
    answer = _idempotently(call, function)
    return Response(200, {"content-type": "application/json"}, write_answer(call.operation, answer))


def _idempotently(call: Call, function: Callable[[Call], Answer]) -> Answer:
    """Repeated with its token, a request is answered as the first one was while what it made is there.

    One token with another request is refused; a request that was refused leaves no token behind.
    """
    token = call.params.pop("clientRequestToken", None)
    if not token:
        return function(call)
    digest = hashlib.sha256(json.dumps(call.params, sort_keys=True).encode()).hexdigest()
    key = ("eks", call.region, call.operation, token)
    known = call.world.tokens.get(key)
    if known and (answer := known[1]()):
        if known[0] != digest:
            text = "The specified clientRequestToken was used before with other parameters."
            raise ApiError("InvalidParameterException", text)
        return answer
    answer = function(call)
    call.world.tokens[key] = (digest, call.replay or (lambda: answer))
    return answer
