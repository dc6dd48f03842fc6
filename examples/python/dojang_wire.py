"""One socket that speaks dojang.v1 (protocol/README.md), and columns of a space as numpy batches."""

import itertools
import time
from http import HTTPStatus
from typing import Any

import msgpack
import numpy as np
from gymnasium import spaces
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.sync.client import connect

VERSIONS = (1, 1)  # lowest and highest version of the protocol spoken here
MAX_MESSAGE = 256 * 2**20  # bytes of one reply; the specification allows no longer ones
MAX_ITEMS = 4_194_304  # list items or map entries of one reply
REFUSED = {
    HTTPStatus.UNAUTHORIZED: "UNAUTHORIZED",
    HTTPStatus.FORBIDDEN: "FORBIDDEN",
    HTTPStatus.SERVICE_UNAVAILABLE: "LIMIT",
}


class DojangError(Exception):
    """An error reply: `code` is for programs, `message` for people; `retryable`: the same may succeed later."""

    def __init__(self, code: str, message: str, retryable: bool = False, **details: Any):
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.retryable, self.details = code, message, retryable, details


class Connection:
    """A session with a server. When the socket drops it is taken up again, and no request is carried out twice."""

    def __init__(self, url: str, token: str | None = None):
        self._url, self._headers = url, {} if token is None else {"Authorization": f"Bearer {token}"}
        self._ids, self._welcome = itertools.count(1), None
        self.acks: dict[int, int] = {}  # highest seq of each handle whose reply arrived
        self._open()

    def request(self, op: str, **fields: Any) -> dict[str, Any]:
        """Sends a request and gives its reply. Raises DojangError with the code of an error reply."""
        message = {"op": op, "id": next(self._ids), **fields}
        try:
            self._send(message)
            return self._receive(message["id"])
        except ConnectionClosed:
            return self._resume(message)

    def close(self) -> None:
        self._socket.close()

    def _open(self, resume: dict[str, Any] | None = None) -> None:
        try:
            self._socket = connect(
                self._url,
                subprotocols=["dojang.v1"],
                additional_headers=self._headers,
                compression=None,
                max_size=MAX_MESSAGE,
            )  # type: ignore[list-item]
        except InvalidStatus as refusal:
            code = REFUSED.get(refusal.response.status_code, "CONNECTION_LOST")
            raise DojangError(
                code, f"{self._url}: {refusal.response.body.decode(errors='replace').strip()}"
            ) from refusal
        except (OSError, InvalidHandshake) as error:
            raise DojangError("CONNECTION_LOST", f"{self._url}: expected a Dojang server: {error}", True) from error
        hello = {"op": "hello", "id": next(self._ids), "versions": VERSIONS, "client": "dojang-python-example 1"}
        self._send(hello if resume is None else {**hello, "resume": resume})
        self._welcome = self._receive(hello["id"])

    def _resume(self, message: dict[str, Any]) -> dict[str, Any]:
        """Takes the session up on a new socket, while the server keeps it, and gets the reply that was lost."""
        deadline, pause = time.monotonic() + self._welcome["grace"], 0.05
        waiting = [] if message["op"] == "step" else [message["id"]]  # replies of steps come back by their seq
        while True:
            try:
                resume = {"session": self._welcome["session"], "token": self._welcome["token"]}
                self._open({**resume, "acks": [list(ack) for ack in self.acks.items()], "waiting": waiting})
                if message["id"] > self._welcome["lastId"]:
                    self._send(message)
                return self._receive(message["id"])
            except (ConnectionClosed, DojangError) as error:
                if isinstance(error, DojangError) and error.code != "CONNECTION_LOST":
                    raise
                if time.monotonic() > deadline:
                    raise DojangError("CONNECTION_LOST", f"{self._url}: the socket closed: {error}", True) from error
                time.sleep(pause)
                pause = min(2 * pause, 2)

    def _send(self, message: dict[str, Any]) -> None:
        self._socket.send(msgpack.packb(message))

    def _receive(self, request: int) -> dict[str, Any]:
        while True:
            limits = {"max_array_len": MAX_ITEMS, "max_map_len": MAX_ITEMS}
            reply = msgpack.unpackb(self._socket.recv(decode=False), ext_hook=_refuse_extension, **limits)
            # With id 0: about bytes whose id could not be read, or, if retryable, why the socket is about to close.
            if reply["op"] == "error" and (reply["id"] == request or (reply["id"] == 0 and not reply["retryable"])):
                raise DojangError(**{name: value for name, value in reply.items() if name not in ("op", "id")})
            if reply["id"] == request:
                return reply


def _refuse_extension(code: int, _data: bytes) -> Any:
    raise DojangError("BAD_MESSAGE", f"expected no extension types in a reply, got type {code}")


class Utf16Text(spaces.Text):
    """Text as Dojang counts it: in UTF-16 code units; of any characters where the space names none."""

    def __init__(self, space: dict[str, Any]):
        self.any = "charset" not in space
        charset = {} if self.any else {"charset": space["charset"]}
        super().__init__(int(space["maxLength"]), min_length=int(space["minLength"]), **charset)

    def contains(self, x: Any) -> bool:
        units = len(x.encode("utf-16-le")) // 2 if isinstance(x, str) else -1
        return self.min_length <= units <= self.max_length and (self.any or set(x) <= set(self.characters))


def to_gymnasium(space: dict[str, Any], where: str) -> spaces.Space:
    """The gymnasium space of one row. Raises DojangError UNSUPPORTED for oneOf and sequence, which are no arrays."""
    match space["kind"]:
        case "discrete":
            return spaces.Discrete(int(space["n"]), start=int(space["start"]))
        case "box":
            low, high = (_bounds(space[side], space) for side in ("low", "high"))
            return spaces.Box(low, high, tuple(map(int, space["shape"])), np.dtype(space["dtype"]).type)
        case "multiDiscrete":
            return spaces.MultiDiscrete([int(n) for n in space["nvec"]])
        case "multiBinary":
            return spaces.MultiBinary(int(space["n"]))
        case "text":
            return Utf16Text(space)
        case "dict":
            return spaces.Dict(
                {name: to_gymnasium(field, f"{where}.{name}") for name, field in space["fields"]}, sort_keys=False
            )
        case "tuple":
            return spaces.Tuple(to_gymnasium(item, f"{where}[{i}]") for i, item in enumerate(space["items"]))
        case kind:
            raise DojangError("UNSUPPORTED", f"{where}: expected a space that gymnasium can batch, got {kind}")


def _bounds(given: Any, space: dict[str, Any]) -> np.ndarray:
    """Bounds in the dtype of the box: a number or "inf" for all elements, or one of these for each."""
    dtype, shape = np.dtype(space["dtype"]), tuple(map(int, space["shape"]))
    if dtype.kind != "f":
        least, most = np.iinfo(dtype).min, np.iinfo(dtype).max
        each = [{"inf": most, "-inf": least}.get(g, g) for g in (given if isinstance(given, list) else [given])]
    else:
        each = [float(g) for g in (given if isinstance(given, list) else [given])]
    return np.broadcast_to(np.array(each, dtype).reshape(shape if isinstance(given, list) else ()), shape).copy()


def decode(space: spaces.Space, columns: list[bytes], rows: int) -> Any:
    """Takes the columns of `space` off the front of `columns`: a batch as gymnasium's vector envs give it."""
    match space:
        case spaces.Dict():
            return {name: decode(field, columns, rows) for name, field in space.items()}
        case spaces.Tuple():
            return tuple(decode(item, columns, rows) for item in space)
        case spaces.Text():
            column = columns.pop(0)
            ends = np.frombuffer(column, "<u4", rows + 1) + 4 * (rows + 1)
            return tuple(column[a:b].decode() for a, b in itertools.pairwise(ends.tolist()))
    flat = np.frombuffer(columns.pop(0), wire_dtype(space))
    return flat.reshape(rows, *space.shape).astype(space.dtype)  # a copy: what arrived cannot be written to


def encode(space: spaces.Space, batch: Any, rows: int, where: str = "actions") -> list[bytes]:
    """The columns of a batch. Raises ValueError where its shape or its numbers do not fit."""
    match space:
        case spaces.Dict():
            return [
                column
                for name, field in space.items()
                for column in encode(field, batch[name], rows, f"{where}.{name}")
            ]
        case spaces.Tuple():
            return [column for i, item in enumerate(space) for column in encode(item, batch[i], rows, f"{where}[{i}]")]
        case spaces.Text():
            texts = [text.encode() for text in batch]
            return [np.cumsum([0, *map(len, texts)]).astype("<u4").tobytes() + b"".join(texts)]
    given, dtype = np.asarray(batch), wire_dtype(space)
    if given.shape != (rows, *space.shape):
        raise ValueError(f"{where}: expected shape {(rows, *space.shape)}, got {given.shape}")
    column = given.astype(dtype)
    if dtype.kind != "f" and not np.array_equal(column, given):
        raise ValueError(f"{where}: expected integers that fit {dtype.name}, got {given.tolist()}")
    return [column.tobytes()]


def wire_dtype(space: spaces.Space) -> np.dtype:
    """Discrete values are int32 on the wire, flags uint8, boxes what they are; all little-endian."""
    match space:
        case spaces.Discrete() | spaces.MultiDiscrete():
            return np.dtype("<i4")
        case spaces.MultiBinary():
            return np.dtype("u1")
    return np.dtype(space.dtype).newbyteorder("<")
