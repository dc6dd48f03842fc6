# Plays the classic control suite of Gymnasium from given states with given actions and writes traces.json: `pip install gymnasium==1.4.0 && python traces.py`.
import json
import os

import gymnasium
import numpy

PUSHES = [0, 0, 1, 2, 2, 1, 0, 2, 1, 1, 2, 0]
CASES = [
    ("CartPole-v1", [0.01, -0.02, 0.03, 0.04], [1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 1, 1]),
    ("CartPole-v1", [2.3, 1.5, -0.1, -0.3], [1, 1, 1, 0, 0]),
    ("MountainCar-v0", [-0.5, 0.0], PUSHES),
    ("MountainCar-v0", [-1.18, -0.06], PUSHES),
    ("MountainCar-v0", [0.42, 0.05], [2, 2, 2]),
    ("MountainCarContinuous-v0", [-0.5, 0.0], [0.3, -1.0, 0.75, 1.0, -0.25, 0.5]),
    ("MountainCarContinuous-v0", [-1.18, -0.0625], [0.3, -1.0, 0.75, 1.0, -0.25, 0.5]),
    ("MountainCarContinuous-v0", [0.4375, 0.0625], [1.0]),
    ("Acrobot-v1", [0.0625, -0.03125, 0.015625, 0.09375], PUSHES),
    ("Acrobot-v1", [2.5, 1.5, -4.0, 8.0], PUSHES),
    ("Acrobot-v1", [3.0, 3.0, 12.0, 28.0], PUSHES),
    ("Acrobot-v1", [2.0, 0.5, 1.0, 0.5], PUSHES),
    ("Pendulum-v1", [1.0, 0.5], [0.5, -2.0, 1.25, 2.0, 0.0, -0.75]),
    ("Pendulum-v1", [3.0, 7.5], [2.0, 2.0, 2.0, -2.0, 1.0, 0.25]),
    ("Pendulum-v1", [-10.0, -3.0], [0.0, 1.5, -1.5, 2.0, -2.0, 0.5]),
]


def play(name, state, actions):
    env = gymnasium.make(name, disable_env_checker=True)
    env.reset(seed=1)
    env.unwrapped.state = numpy.array(state)
    steps = []
    for action in actions:
        boxed = isinstance(action, float)
        given = numpy.array([action], dtype=numpy.float32) if boxed else action
        observation, reward, terminated, _, _ = env.step(given)
        steps.append(
            {
                "state": [float(x) for x in env.unwrapped.state],
                "observation": [float(x) for x in observation],
                "reward": float(numpy.asarray(reward).item()),
                "terminated": bool(terminated),
            }
        )
        if terminated:
            break
    return {"env": name, "state": state, "actions": actions[: len(steps)], "steps": steps}


traces = [play(*case) for case in CASES]
lines = ",\n".join("  " + json.dumps(trace) for trace in traces)
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "traces.json"), "w") as file:
    file.write("[\n" + lines + "\n]\n")
