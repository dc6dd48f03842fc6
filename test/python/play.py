"""Plays the games that standard input describes and prints all that a user of DojangVectorEnv gets, one JSON line a game."""

import json
import sys

import numpy as np
from dojang_env import DojangVectorEnv
from gymnasium.vector import AutoresetMode


def plain(value):
    """Arrays as flat lists, tuples as lists."""
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value.ravel().tolist() if isinstance(value, np.ndarray) else value.item()


def of_rows(batch, rows):
    return tuple(part[rows] for part in batch) if isinstance(batch, tuple) else batch[rows]


def show(observations, rewards, terminations, truncations, infos):
    """What is known of the rows that the frame is about."""
    rows = infos["_status"]
    shown = {
        "status": infos["status"][rows].tolist(),
        "observations": plain(of_rows(observations, rows)),
        "rewards": rewards[rows].tolist(),
        "terminated": terminations[rows].astype(int).tolist(),
        "truncated": truncations[rows].astype(int).tolist(),
    }
    for key in ("action_mask", "seed", "episode_number", "episode_return", "episode_length"):
        if key in infos:
            shown[key] = plain(infos[key][infos[f"_{key}"]])
    if "final_obs" in infos:
        shown["final_obs"] = [plain(item) for item in infos["final_obs"][infos["_final_obs"]]]
    if "final_info" in infos:
        final = infos["final_info"]
        shown["final_mask"] = plain(final["action_mask"][final["_action_mask"]])
    return shown


def play(url, env, num, mode, make, seeds, actions):
    envs = DojangVectorEnv(url, env, num, autoreset_mode=AutoresetMode(mode), **make)
    nothing = np.zeros(num), np.zeros(num, bool), np.zeros(num, bool)

    def reset(**arguments):
        observations, infos = envs.reset(**arguments)
        return show(observations, *nothing, infos)

    frames = [reset(seed=seeds)]
    for batch in actions:
        result = envs.step(np.array(batch))
        frames.append(show(*result))
        ended = result[2] | result[3]
        if mode == "Disabled" and ended.any():
            frames.append(reset(options={"reset_mask": ended}))
    envs.close()
    return frames


for game in json.load(sys.stdin):
    print(json.dumps(play(**game)), flush=True)
