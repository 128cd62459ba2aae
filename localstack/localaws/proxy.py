"""The process that clients talk to: it names each call, writes it down, plays the faults, passes it on."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import time
import traceback
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from .callers import DEFAULT_ACCOUNT, Caller, bearer_of, caller_of
from .errors import ApiError, error_response, not_implemented, protocol_of
from .faults import Effect, Rule, denied_of, effect_of
from .http1 import Request, Response, parse_head
from .operations import identify, is_mutating
from .pages import Page

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
OWN = ("calls", "faults")


@dataclass
class Account:
    """What the proxy keeps of one account."""

    calls: list[dict[str, Any]] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    last: dict[bytes, tuple[float, Response]] = field(default_factory=dict)


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    try:
        request = parse_head(await reader.readuntil(b"\r\n\r\n"))
        request.body = await reader.readexactly(int(request.headers.get("content-length", 0)))
        return request
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.LimitOverrunError):
        return None


class Proxy:
    def __init__(self, backend_port: int) -> None:
        self.backend_port = backend_port
        self.accounts: dict[str, Account] = {}
        self.idle: list[Streams] = []

    def account(self, number: str) -> Account:
        return self.accounts.setdefault(number, Account())

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client's connection, kept alive; a fault that closes it simply ends here."""
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            while request := await read_request(reader):
                response = await self._answer(request)
                if response is None:
                    break
                writer.write(response.encode())
                await writer.drain()
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _answer(self, request: Request) -> Response | None:
        if request.path.startswith("/_local/"):
            return await self._control(request)
        caller = caller_of(request) or bearer_of(request)
        if not caller:
            return error_response(
                "sts", ApiError("MissingAuthenticationToken", "Missing Authentication Token", 403)
            )
        operation, params = identify(request, caller.service)
        account = self.account(caller.account)
        record = {
            "n": len(account.calls) + 1,
            "service": caller.service,
            "operation": operation,
            "access_key": caller.access_key,
            "region": caller.region,
            "status": 0,
            "code": "",
            "mutating": is_mutating(operation, params),
            "params": params,
        }
        account.calls.append(record)
        response = await self._play(request, caller, operation, account, record)
        if response is None:
            record["code"] = "ConnectionClosed"
            return None
        record["status"] = response.status
        response.headers.setdefault("x-amzn-requestid", str(uuid.uuid4()))
        return response

    async def _play(
        self, request: Request, caller: Caller, operation: str, account: Account, record: dict[str, Any]
    ) -> Response | None:
        try:
            if error := caller.bad_credentials(protocol_of(caller.service)):
                raise error
            effect = effect_of(account.rules, caller, operation, record["mutating"])
            if effect.delay:
                await asyncio.sleep(effect.delay)
            if effect.close_before:
                return None
            if effect.error:
                raise effect.error
            response = await self._page(request, caller, operation, account, effect, record)
            return None if effect.close_after else response
        except ApiError as error:
            record["code"] = error.code
            return error_response(caller.service, error)
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            why = f"{type(error).__name__}: {error}"
            return error_response(caller.service, not_implemented(caller.service, operation, why))

    async def _page(
        self, request: Request, caller: Caller, operation: str, account: Account, effect: Effect, record: dict
    ) -> Response:
        page = Page(caller.service, operation, request, effect.page_size)
        request.headers["x-moto-account-id"] = caller.account
        request.headers["x-local-service"] = caller.service
        request.headers["x-local-region"] = caller.region
        request.headers["x-local-arn"] = caller.arn
        if operation == "SimulatePrincipalPolicy":
            actions = [value for name, value in record["params"].items() if name.startswith("ActionNames.")]
            request.headers["x-local-denied"] = " ".join(denied_of(account.rules, actions))
        key = f"{caller.service} {request.method} {request.target} ".encode() + request.body
        known = account.last.get(key) if effect.stale else None
        if known and time.monotonic() - known[0] < effect.stale:
            response = Response(known[1].status, dict(known[1].headers), known[1].body)
        else:
            response = await self.forward(request)
            if not record["mutating"]:
                account.last[key] = (
                    time.monotonic(),
                    Response(response.status, dict(response.headers), response.body),
                )
        if response.status >= 400:
            record["code"] = _code(response)
        return page.cut(response)

    async def forward(self, request: Request) -> Response:
        """Over a kept connection if there is one; the AWS process closes none, so no call is sent twice."""
        reader, writer = self.idle.pop() if self.idle else await self._connect()
        headers = {**request.headers, "content-length": str(len(request.body))}
        head = [f"{request.method} {request.target} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items())]
        try:
            writer.write("\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + request.body)
            await writer.drain()
            response = _parse_response(await reader.readuntil(b"\r\n\r\n"))
            response.body = await reader.readexactly(int(response.headers.pop("content-length", 0)))
        except (asyncio.IncompleteReadError, ConnectionError):
            raise ApiError("NotImplemented", "the AWS process gave no answer", 501) from None
        self.idle.append((reader, writer))
        return response

    async def _connect(self) -> Streams:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.backend_port, limit=2**24)
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return reader, writer

    async def _control(self, request: Request) -> Response:
        number = parse_qs(request.query).get("account", [DEFAULT_ACCOUNT])[0]
        name = request.path.removeprefix("/_local/")
        if name not in OWN:
            if name == "reset":
                self.accounts.pop(number, None)
            return await self.forward(request)
        try:
            return _json(200, self._own(name, request, self.account(number)))
        except (TypeError, ValueError) as error:
            return _json(400, {"error": str(error)})

    def _own(self, name: str, request: Request, account: Account) -> Any:
        if name == "calls":
            if request.method == "DELETE":
                account.calls.clear()
            return account.calls
        if request.method == "POST":
            body = json.loads(request.body)
            account.rules = [Rule(**item) for item in (body if isinstance(body, list) else [body])]
        elif request.method == "DELETE":
            account.rules = []
        return [rule.show() for rule in account.rules]


def _parse_response(head: bytes) -> Response:
    first, *rest = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    headers = {}
    for line in rest:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return Response(int(first.split(" ", 2)[1]), headers)


def _code(response: Response) -> str:
    if kind := response.headers.get("x-amzn-errortype"):
        return kind.split(":")[0]
    if response.body.startswith(b"{"):
        return str(json.loads(response.body).get("__type", "")).split("#")[-1]
    text = response.body.decode("utf-8", "replace")
    return text.partition("<Code>")[2].partition("</Code>")[0]


def _json(status: int, value: Any) -> Response:
    return Response(status, {"content-type": "application/json"}, json.dumps(value).encode() + b"\n")
