"""Learns FrozenLake with a table (Q-learning, Watkins & Dayan 1992) and prints how often the greedy policy arrives.

python train_q.py [--url ws://127.0.0.1:7766] [--steps 3000] [--seed 0]
"""

import argparse

import numpy as np
from dojang_env import DojangVectorEnv


def train(envs: DojangVectorEnv, steps: int, seed: int, gamma: float = 0.99) -> np.ndarray:
    """The action values after `steps` steps of every row; exploration falls from 1 to 0.05 over the first half."""
    rng = np.random.default_rng(seed)
    values = np.zeros((envs.single_observation_space.n, envs.single_action_space.n))
    visits = np.zeros_like(values)
    states, _ = envs.reset(seed=seed)
    for t in range(steps):
        epsilon = max(0.05, 1 - 2 * t / steps)
        greedy = (values[states] + 1e-9 * rng.random((envs.num_envs, values.shape[1]))).argmax(1)
        actions = np.where(
            rng.random(envs.num_envs) < epsilon, rng.integers(values.shape[1], size=envs.num_envs), greedy
        )
        following, rewards, terminations, _, infos = envs.step(actions)
        # A truncated episode still has a future: only `terminations` cut it off.
        targets = rewards + gamma * np.where(terminations, 0, values[following].max(1))
        for row in np.flatnonzero(infos["status"] == 0):  # 1 is the first observation of an episode: no transition
            at = states[row], actions[row]
            visits[at] += 1
            values[at] += (targets[row] - values[at]) / visits[at] ** 0.6
        states = following
    return values


def evaluate(envs: DojangVectorEnv, values: np.ndarray, episodes: int, seed: int) -> float:
    """The share of episodes in which the greedy policy reaches the goal."""
    returns: list[float] = []
    states, _ = envs.reset(seed=seed)
    while len(returns) < episodes:
        states, *_, infos = envs.step(values[states].argmax(1))
        returns += infos["episode_return"][infos["_episode_return"]].tolist() if "episode_return" in infos else []
    return float(np.mean(np.array(returns) > 0))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="ws://127.0.0.1:7766")
    parser.add_argument("--steps", type=int, default=3000, help="steps of each of the 64 rows")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    lake = DojangVectorEnv(chosen.url, "FrozenLake-v1", 64)
    learned = train(lake, chosen.steps, chosen.seed)
    print(f"success rate {evaluate(lake, learned, 1000, chosen.seed + 1):.3f}")
    lake.close()
