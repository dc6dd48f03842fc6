"""A batch of Dojang environments as a gymnasium.vector.VectorEnv, written from protocol/README.md alone."""

import contextlib
import difflib
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium import Space
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space, concatenate, create_empty_array, iterate

from dojang_wire import Connection, DojangError, decode, encode, to_gymnasium

WIRE_MODES = {
    AutoresetMode.NEXT_STEP: "next-step",
    AutoresetMode.SAME_STEP: "same-step",
    AutoresetMode.DISABLED: "disabled",
}
RENDER_MODES = {"ansi": "text", "rgb_array": "rgb"}
OWN = ("token", "autoreset_mode", "render_mode", "on_fault")
MAKE = ("seed", "params", "maxSteps", "seeds", "options", "queue", "record")
ELSEWHERE = {"num": "num_envs", "nEnvs": "num_envs", "autoreset": "autoreset_mode", "maxEpisodeSteps": "maxSteps",
             "kwargs": "params", "envKwargs": "params"}  # fmt: skip
MAX_SEED = 2**53 - 1


class DojangVectorEnv(VectorEnv):
    """`num_envs` instances of `env_id`, stepped together in one message.

    Args:
        url: of the server, such as ws://127.0.0.1:7766
        token: bearer token, where the server needs one
        autoreset_mode: what happens when an episode ends, also in `metadata["autoreset_mode"]`
        render_mode: "ansi" (text) or "rgb_array", for envs with the param `renderMode`, as all built-in ones have
        on_fault: "raise" a DojangError when a row could not be stepped (its `details["result"]` is what step would have
            returned), or "info": the row has reward NaN and its error in `infos["fault"]`
        make: further fields of the protocol's make request: seed, params, maxSteps, seeds, options, queue, record; any
            other name is a TypeError, for the server would not look at it
    """

    def __init__(self, url: str, env_id: str, num_envs: int = 1, *, token: str | None = None,
                 autoreset_mode: AutoresetMode = AutoresetMode.NEXT_STEP, render_mode: str | None = None,
                 on_fault: str = "raise", **make: Any):  # fmt: skip
        for name, value in make.items():
            if name not in MAKE:
                raise TypeError(_unexpected(env_id, name, value))
        self.num_envs, self.on_fault, self.render_mode, self._handle = num_envs, on_fault, render_mode, None
        self.metadata = {"autoreset_mode": AutoresetMode(autoreset_mode), "render_modes": list(RENDER_MODES)}
        if render_mode is not None:
            if render_mode not in RENDER_MODES:
                raise ValueError(f"render_mode: expected one of {list(RENDER_MODES)} or None, got {render_mode!r}")
            make["params"] = {**make.get("params", {}), "renderMode": RENDER_MODES[render_mode]}
        self._make = {**make, "env": env_id, "num": num_envs, "autoreset": WIRE_MODES[self.metadata["autoreset_mode"]]}
        self._connection = Connection(url, token)
        try:
            self._begin()
        except DojangError:
            self._connection.close()
            raise

    def _begin(self) -> None:
        if self._handle is not None:
            self._connection.request("close", env=self._handle)
            self._connection.acks.pop(self._handle)
        self.made = self._connection.request("make", **self._make)
        self._handle, self._seq = self.made["env"], 0
        self._connection.acks[self._handle] = 0
        described = self.made["spaces"]
        self.single_observation_space = to_gymnasium(described["observation"], "observation")
        self.single_action_space = to_gymnasium(described["action"], "action")
        self._info_space = to_gymnasium(described["info"], "info") if "info" in described else None
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self._observations = create_empty_array(self.single_observation_space, self.num_envs)

    def reset(
        self, *, seed: int | Sequence[int] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict]:
        """Begins new episodes.

        Args:
            seed: an integer makes the whole run repeatable: the batch is made anew with it, row i begins with seed + i.
                A list has the seeds of the next episodes. None: seeds derive from the seed of the batch.
            options: of each new episode; `reset_mask`, bool [num_envs], says which rows to reset
        """
        one = isinstance(seed, (int, np.integer))
        super().reset(seed=int(seed) if one else None)
        options = dict(options or {})
        mask = np.asarray(options.pop("reset_mask", np.ones(self.num_envs, bool)))
        if mask.shape != (self.num_envs,) or mask.dtype != bool or not mask.any():
            raise ValueError(f"reset_mask: expected bool [{self.num_envs}] with a True in it, got {mask}")
        if one:
            if mask.all():
                self._make["seed"] = int(seed)
                self._begin()
            seed = [int(seed) + i for i in range(self.num_envs)]
        fields: dict[str, Any] = {} if mask.all() else {"mask": mask.tobytes()}
        if seed is not None:
            if len(seed) != self.num_envs:
                raise ValueError(f"seed: expected {self.num_envs} seeds, got {len(seed)}")
            if not all(0 <= s <= MAX_SEED and s == int(s) for s in seed):
                raise ValueError(f"seed: expected integers in 0..2**53-1, got {list(seed)}")
            fields["seeds"] = [int(s) for s, chosen in zip(seed, mask, strict=True) if chosen]
        if options:
            fields["options"] = [options] * int(mask.sum())
        observations, *_, infos = self._read(self._connection.request("reset", env=self._handle, **fields))
        return observations, infos

    def step(self, actions: Any) -> tuple[Any, np.ndarray, np.ndarray, np.ndarray, dict]:
        """One action for each row. Raises DojangError when the server refuses, or a row fails (see `on_fault`)."""
        columns = encode(self.single_action_space, actions, self.num_envs)
        ack, self._seq = self._connection.acks[self._handle], self._seq + 1
        try:
            reply = self._connection.request("step", env=self._handle, seq=self._seq, ack=ack, actions=columns)
        finally:
            self._connection.acks[self._handle] = self._seq  # an error is a reply too: its seq is used up
        return self._read(reply)

    def render(self) -> tuple[Any, ...]:
        """A picture of each row: text, or uint8 [height, width, 3]. Raises DojangError UNSUPPORTED without one."""
        pictures = self._connection.request(
            "render", env=self._handle, index=np.arange(self.num_envs, dtype="<u4").tobytes()
        )
        return tuple(p if isinstance(p, str) else np.frombuffer(p["rgb"], np.uint8).reshape(int(p["height"]), -1, 3)
                     for p in pictures["pictures"])  # fmt: skip

    def close_extras(self, **_: Any) -> None:
        with contextlib.suppress(DojangError):  # a session that is gone has no envs left
            self._connection.request("close", env=self._handle)
        self._connection.close()

    def _read(self, frame: dict[str, Any]) -> tuple[Any, np.ndarray, np.ndarray, np.ndarray, dict]:
        rows = np.frombuffer(frame["index"], "<u4") if "index" in frame else np.arange(self.num_envs)
        decoded = decode(self.single_observation_space, frame["observations"], len(rows))
        self._observations = decoded if len(rows) == self.num_envs else self._replace(rows, decoded)
        rewards, terminations, truncations = (np.zeros(self.num_envs, dtype) for dtype in (np.float64, bool, bool))
        rewards[rows] = np.frombuffer(frame["rewards"], "<f8")
        terminations[rows] = np.frombuffer(frame["terminated"], bool)
        truncations[rows] = np.frombuffer(frame["truncated"], bool)
        self.timing = frame["timing"]  # microseconds: queue, env, encode
        result = (self._observations, rewards, terminations, truncations, self._infos(frame, rows))
        if frame.get("errors") and self.on_fault == "raise":
            first = frame["errors"][0]
            where = f"row {rows[int(first['index'])]} of {self.num_envs}: {first['message']}"
            raise DojangError(first["code"], where, first["retryable"], result=result, errors=frame["errors"])
        return result

    def _replace(self, rows: np.ndarray, decoded: Any) -> Any:
        """The last observations with those of some rows replaced."""
        items = list(iterate(self.observation_space, self._observations))
        for row, item in zip(
            rows, iterate(batch_space(self.single_observation_space, len(rows)), decoded), strict=True
        ):
            items[row] = item
        return concatenate(
            self.single_observation_space, items, create_empty_array(self.single_observation_space, self.num_envs)
        )

    def _infos(self, frame: dict[str, Any], rows: np.ndarray) -> dict[str, Any]:
        """The rest of a frame, as gymnasium has it: an array of all rows under `key`, who has it under `_key`."""
        infos: dict[str, Any] = {}
        self._put(infos, rows, "status", np.frombuffer(frame["status"], np.uint8))
        if "mask" in frame:
            self._put(infos, rows, "action_mask", np.frombuffer(frame["mask"], np.int8).reshape(len(rows), -1))
        if "parts" in frame:
            self._put(
                infos, rows, "reward_parts", {name: np.frombuffer(part, "<f8") for name, part in frame["parts"].items()}
            )
        if self._info_space is not None and "info" in frame:
            self._put(infos, rows, "info", decode(self._info_space, frame["info"], len(rows)), self._info_space)
        for group, names in (
            ("seeds", {"episode": "episode_number", "seed": "seed"}),
            ("episode", {"return": "episode_return", "length": "episode_length"}),
        ):
            if group in frame:
                of = rows[np.frombuffer(frame[group]["index"], "<u4")]
                for name, key in names.items():
                    values = np.frombuffer(frame[group][name], "<i4" if name == "length" else "<f8")
                    self._put(infos, of, key, values if name == "return" else values.astype(np.int64))
        if "final" in frame:
            self._put_final(infos, rows[np.frombuffer(frame["final"]["index"], "<u4")], frame["final"])
        if frame.get("errors"):
            self._put(infos, rows[[int(error["index"]) for error in frame["errors"]]], "fault", frame["errors"])
        return infos

    def _put_final(self, infos: dict[str, Any], rows: np.ndarray, final: dict[str, Any]) -> None:
        batch = decode(self.single_observation_space, final["observations"], len(rows))
        for row, item in zip(rows, iterate(batch_space(self.single_observation_space, len(rows)), batch), strict=True):
            self._add_info(infos, {"final_obs": item}, int(row))
        if "mask" in final:
            masks = np.frombuffer(final["mask"], np.int8).reshape(len(rows), -1)
            self._put(infos, rows, "final_info", {"action_mask": masks})

    def _put(self, infos: dict[str, Any], rows: np.ndarray, key: str, values: Any, space: Space | None = None) -> None:
        if isinstance(values, dict):
            infos[key] = {}
            for name, part in values.items():
                self._put(infos[key], rows, name, part, None if space is None else space[name])
        else:
            if not isinstance(values, np.ndarray):  # texts, tuples and errors: one object for each row
                values = values if space is None else iterate(batch_space(space, len(rows)), values)
                values = np.fromiter(values, object, len(rows))
            infos[key] = np.zeros((self.num_envs, *values.shape[1:]), values.dtype)
            infos[key][rows] = values
        infos[f"_{key}"] = np.isin(np.arange(self.num_envs), rows)


def _unexpected(env_id: str, name: str, value: Any) -> str:
    """Why an argument is refused, and what to write: it is misspelt, has another name here, or is the env's own."""
    camel = re.sub(r"_+([a-z])", lambda found: found[1].upper(), name)
    near = difflib.get_close_matches(camel, MAKE, 1, 0.75) or difflib.get_close_matches(name, OWN, 1, 0.75)
    meant = ELSEWHERE.get(camel) or (near[0] if near else None)
    own = f"A parameter of the env goes into params={{{camel!r}: {value!r}}}."
    hint = own if meant is None else f"Did you mean {meant}?"
    return f"{env_id}: expected only {', '.join(OWN + MAKE)}, got {name}={value!r}. {hint}"
