"""What a user of the Python client relies on: each function below is one check, its docstring the sentence it proves."""

import json
import sys
import traceback

import dojang_wire
import gymnasium
import numpy as np
from dojang_env import DojangVectorEnv
from dojang_wire import DojangError, decode, encode, to_gymnasium
from expected import invalid, refused, steps
from gymnasium.vector import AutoresetMode
from gymnasium.wrappers.vector import DictInfoToList, RecordEpisodeStatistics

URL, TOKEN_URL, TOKEN, VECTORS = sys.argv[1:5]
ENVS = ["FrozenLake-v1", "Taxi-v4", "CartPole-v1", "Blackjack-v1", "CliffWalking-v1", "FrozenLake8x8-v1"]


def check_spaces():
    """has the spaces of Gymnasium's own six envs, batched ones included"""
    for name in ENVS:
        own, envs = gymnasium.make_vec(name, num_envs=3), DojangVectorEnv(URL, name, 3)
        for space in ("single_observation_space", "observation_space", "single_action_space", "action_space"):
            assert getattr(own, space) == getattr(envs, space), (name, space, getattr(envs, space))
        envs.close()


def check_observations():
    """gives observations that lie in the observation space, through 60 steps of six envs in three autoreset modes"""
    for name in ENVS:
        for mode in AutoresetMode:
            envs = DojangVectorEnv(URL, name, 3, autoreset_mode=mode, maxSteps=25)
            observations, _ = envs.reset(seed=0)
            assert observations in envs.observation_space
            for observations, rewards, terminations, truncations, infos in steps(envs, 60):
                assert observations in envs.observation_space, (name, mode, observations)
                assert (rewards.dtype, terminations.dtype, truncations.dtype) == (np.float64, bool, bool)
                finals = infos.get("final_obs", [])
                assert all(item in envs.single_observation_space for item in finals if item is not None)
                assert ("final_obs" in infos) == (
                    mode == AutoresetMode.SAME_STEP and bool((terminations | truncations).any())
                )
            envs.close()


def check_statistics():
    """counts episodes as Gymnasium's RecordEpisodeStatistics does, in three autoreset modes"""
    for mode in AutoresetMode:
        envs = RecordEpisodeStatistics(DojangVectorEnv(URL, "CartPole-v1", 4, autoreset_mode=mode, maxSteps=15))
        envs.reset(seed=1)
        episodes = 0
        for *_, infos in steps(envs, 100):
            assert ("episode" in infos) == ("episode_return" in infos)
            if "episode" in infos:
                ended = infos["_episode"]
                assert (ended == infos["_episode_return"]).all()
                assert (infos["episode"]["r"][ended] == infos["episode_return"][ended]).all(), (mode, infos)
                assert (infos["episode"]["l"][ended] == infos["episode_length"][ended]).all(), (mode, infos)
                episodes += ended.sum()
        assert episodes >= 20, episodes
        envs.close()


def check_info_lists():
    """has infos that Gymnasium's DictInfoToList takes apart row by row"""
    envs = DictInfoToList(DojangVectorEnv(URL, "letters-v0", 2))
    _, infos = envs.reset(seed=5)
    assert [info["seed"] for info in infos] == [5, 6]
    assert [info["info"]["said"] for info in infos] == ["", ""]
    envs.close()


def check_seed():
    """gives the same run for the same reset(seed=7), later episodes included, and another for 8"""

    def run(envs, seed):
        seen = [envs.reset(seed=seed)[0].tolist()]
        return [*seen, *(result[0].tolist() for result in steps(envs, 60))]

    first, second = (DojangVectorEnv(URL, "Blackjack-v1", 1), DojangVectorEnv(URL, "FrozenLake-v1", 3))
    first.close()
    again = DojangVectorEnv(URL, "FrozenLake-v1", 3)
    assert run(second, 7) == run(again, 7) == run(again, np.int64(7))
    assert run(second, 8) != run(again, 7)
    second.close(), again.close()


def check_seeds():
    """hands a list of seeds to the next episodes, tells them in infos, and refuses another number of seeds or a seed out of range"""
    envs = DojangVectorEnv(URL, "Taxi-v4", 3, seed=1)
    _, infos = envs.reset(seed=[2**53 - 1, 0, 4])
    assert infos["seed"].tolist() == [2**53 - 1, 0, 4] and infos["_seed"].all()
    assert infos["episode_number"].tolist() == [0, 0, 0]
    invalid("expected 3 seeds, got 2", lambda: envs.reset(seed=[1, 2]))
    invalid("0..2**53-1", lambda: envs.reset(seed=[-1, 0, 0]))
    invalid("0..2**53-1", lambda: envs.reset(seed=[2**53, 0, 0]))
    envs.close()


def check_reset_mask():
    """resets the rows of reset_mask, leaves the others where they are, and refuses a mask without a row"""
    envs = DojangVectorEnv(URL, "Taxi-v4", 3, autoreset_mode=AutoresetMode.DISABLED, seed=3)
    before, _ = envs.reset()
    after, infos = envs.reset(seed=[0, 1, 2], options={"reset_mask": np.array([False, True, False])})
    assert after[[0, 2]].tolist() == before[[0, 2]].tolist()
    assert infos["seed"].tolist() == [0, 1, 0] and infos["_seed"].tolist() == [False, True, False]
    invalid("a True in it", lambda: envs.reset(options={"reset_mask": np.zeros(3, bool)}))
    invalid("expected bool [3]", lambda: envs.reset(options={"reset_mask": np.ones(2, bool)}))
    envs.close()


def check_disabled():
    """raises RESET_NEEDED when a row that ended is stepped in DISABLED mode"""
    envs = DojangVectorEnv(URL, "CartPole-v1", 2, autoreset_mode=AutoresetMode.DISABLED, maxSteps=3)
    envs.reset(seed=0)
    assert [envs.step([0, 1])[3].all() for _ in range(3)] == [False, False, True]
    refused("RESET_NEEDED", lambda: envs.step([0, 1]))
    envs.reset(options={"reset_mask": np.array([True, True])})
    envs.step([0, 1])
    envs.close()


def check_bad_row():
    """raises BAD_ACTION for a row whose action lies outside the space: its reward is NaN, the others have stepped, and the batch goes on"""
    envs = DojangVectorEnv(URL, "CartPole-v1", 3)
    envs.reset(seed=0)
    error = refused("BAD_ACTION", lambda: envs.step([0, 2, 1]))
    assert "row 1 of 3" in str(error) and not error.retryable, error
    assert np.isnan(error.details["result"][1]).tolist() == [False, True, False]
    assert envs.step([0, 1, 1])[1].tolist() == [1, 1, 1]
    envs.close()


def check_fault_infos():
    """tells faults in infos with on_fault="info": status 2, reward NaN, and why"""
    envs = DojangVectorEnv(URL, "letters-v0", 2, on_fault="info")
    envs.reset(seed=0)
    action = {"word": ("ab", "bb"), "move": np.array([[1, 2], [0, 0]])}
    _, rewards, terminations, _, infos = envs.step(action)
    assert np.isnan(rewards).tolist() == [False, True] and not terminations.any()
    assert infos["status"].tolist() == [0, 2] and infos["_fault"].tolist() == [False, True]
    assert infos["fault"][1]["code"] == "ENV_FAULT" and "no bb" in infos["fault"][1]["message"], infos["fault"]
    *_, infos = envs.step(action | {"word": ("a", "a")})
    assert infos["status"].tolist() == [0, 1]  # the row begins anew, like one that ended
    envs.close()


def check_bad_shape():
    """raises ValueError for actions of another shape, of other numbers than integers or beyond int32, and sends nothing"""
    envs = DojangVectorEnv(URL, "CartPole-v1", 3)
    envs.reset(seed=0)
    invalid("expected shape (3,), got (2,)", lambda: envs.step([0, 1]))
    invalid("expected integers", lambda: envs.step([0, 0.5, 1]))
    invalid("expected integers", lambda: envs.step([0, 2**32, 1]))
    assert envs.step([0, 1, 0])[1].tolist() == [1, 1, 1]
    envs.close()


def check_used_seq():
    """goes on after the server refused a whole step: the error used up its number"""
    envs = DojangVectorEnv(URL, "CartPole-v1", 3)
    envs.reset(seed=0)
    envs.num_envs = 2
    refused("BAD_ACTION", lambda: envs.step([0, 1]))
    envs.num_envs = 3
    assert envs.step([0, 1, 0])[1].tolist() == [1, 1, 1]
    envs.close()


def check_refusals():
    """raises the server's codes: UNKNOWN_ENV with a suggestion, BAD_PARAM, LIMIT; and CONNECTION_LOST where nobody listens"""
    assert "CartPole-v1" in refused("UNKNOWN_ENV", lambda: DojangVectorEnv(URL, "CartPol-v1")).message
    refused("BAD_PARAM", lambda: DojangVectorEnv(URL, "FrozenLake-v1", params={"isSlipery": True}))
    assert refused("LIMIT", lambda: DojangVectorEnv(URL, "FrozenLake-v1", 10_000_000)).retryable
    assert (
        "ws://127.0.0.1:1" in refused("CONNECTION_LOST", lambda: DojangVectorEnv("ws://127.0.0.1:1", "Taxi-v4")).message
    )


def check_arguments():
    """raises TypeError for an argument that the server would not look at, and says what to write"""
    hints = {"is_slippery": "params={'isSlippery': 5}", "max_steps": "maxSteps?", "num": "num_envs?", "token_": "token?"}
    for name, hint in hints.items():
        invalid(hint, lambda name=name: DojangVectorEnv(URL, "FrozenLake-v1", **{name: 5}), TypeError)


def check_version():
    """is refused with BAD_VERSION, which names both sides' versions, when it speaks only versions 2 and 3"""
    dojang_wire.VERSIONS = (2, 3)
    try:
        message = refused("BAD_VERSION", lambda: DojangVectorEnv(URL, "Taxi-v4")).message
    finally:
        dojang_wire.VERSIONS = (1, 1)
    assert "1..1" in message and "[2, 3]" in message, message


def check_token():
    """sends its token as a bearer header; without one, or with a wrong one, it gets UNAUTHORIZED"""
    envs = DojangVectorEnv(TOKEN_URL, "Taxi-v4", token=TOKEN)
    assert envs.reset(seed=1)[1]["seed"].tolist() == [1]
    envs.close()
    refused("UNAUTHORIZED", lambda: DojangVectorEnv(TOKEN_URL, "Taxi-v4"))
    refused("UNAUTHORIZED", lambda: DojangVectorEnv(TOKEN_URL, "Taxi-v4", token=TOKEN + "x"))


def check_nested_spaces():
    """maps text, tuples and dicts: values go there and back, in observations, last observations, infos and reward parts"""
    envs = DojangVectorEnv(URL, "letters-v0", 3, autoreset_mode=AutoresetMode.SAME_STEP, maxSteps=2)
    observations, infos = envs.reset(seed=0, options={"begin": "ß🎈"})
    assert observations in envs.observation_space and observations["word"] == ("ß🎈",) * 3
    action = {"word": ("a", "ab", "bba"), "move": np.array([[0, 0], [1, 2], [1, 1]])}
    observations, rewards, _, _, infos = envs.step(action)
    assert action in envs.action_space and observations in envs.observation_space
    assert observations["word"] == ("a", "ab", "bba") and rewards.tolist() == [1, 2, 3]
    place, flags, numbers = observations["seen"]
    assert (place.tolist(), flags.tolist()) == ([-1, 2, 1], [[1, 0], [1, 1], [0, 1]]), (place, flags)
    assert numbers.dtype == np.float64 and numbers.tolist() == [[[0.5, 1]], [[0.5, 2]], [[0.5, 3]]]
    assert infos["info"]["said"].tolist() == ["a", "ab", "bba"]
    assert infos["reward_parts"]["length"].tolist() == [1, 2, 3]
    *_, truncations, infos = envs.step(action)
    assert truncations.all() and infos["final_obs"][1]["word"] == "ab"
    assert [int(item["seen"][0]) for item in infos["final_obs"]] == [-1, 2, 1]
    some = np.array([True, False, True])
    observations, _ = envs.reset(options={"reset_mask": some, "begin": "ba"})
    assert observations["word"] == ("ba", "", "ba") and observations in envs.observation_space
    envs.close()


def check_unsupported():
    """refuses an env with a oneOf or a sequence in its spaces, and names the place"""
    assert "observation: expected" in refused("UNSUPPORTED", lambda: DojangVectorEnv(URL, "hand-v0")).message


def check_vectors():
    """reads and writes the golden columns of every space that Gymnasium can batch"""
    tried = 0
    with open(VECTORS, encoding="utf-8") as file:
        for vector in json.load(file):
            if "oneOf" in str(vector["space"]) or "sequence" in str(vector["space"]):
                continue
            space, rows = to_gymnasium(vector["space"], vector["name"]), vector["rows"]
            columns = [bytes.fromhex(column) for column in vector["columns"]]
            batch = decode(space, list(columns), rows)
            assert encode(space, batch, rows) == columns, vector["name"]
            if isinstance(batch, np.ndarray):
                assert batch.reshape(rows, -1).tolist() == [np.ravel(value).tolist() for value in vector["values"]]
            tried += 1
    assert tried >= 15, tried


def check_render():
    """renders each row as text, or as pixels of 3 bytes"""
    lake, letters = DojangVectorEnv(URL, "FrozenLake-v1", 2), DojangVectorEnv(URL, "letters-v0", 2)
    lake.reset(seed=0), letters.reset(seed=0)
    assert [picture.count("\n") for picture in lake.render()] == [3, 3], lake.render()
    pixels = letters.render()
    assert len(pixels) == 2 and pixels[0].shape == (1, 2, 3) and pixels[0].tolist() == [[[1, 2, 3], [4, 5, 6]]]
    lake.close(), letters.close()


def check_render_mode():
    """draws text with render_mode ansi and pixels with rgb_array, as gymnasium.make does, and refuses others by name"""
    sizes = {"CartPole-v1": (240, 480), "Taxi-v4": (320, 320), "MinAtar/Breakout-v0": (160, 160)}
    for env_id, size in sizes.items():
        envs = DojangVectorEnv(URL, env_id, 2, render_mode="rgb_array")
        envs.reset(seed=0)
        frames = envs.render()
        assert [(f.shape, f.dtype) for f in frames] == [((*size, 3), np.uint8)] * 2, [f.shape for f in frames]
        assert len(np.unique(frames[0].reshape(-1, 3), axis=0)) > 2
        assert envs.render_mode == "rgb_array" and "ansi" in envs.metadata["render_modes"]
        envs.close()
    text = DojangVectorEnv(URL, "FrozenLake-v1", render_mode="ansi", params={"isSlippery": False})
    text.reset(seed=0)
    assert isinstance(text.render()[0], str) and text.made["params"]["isSlippery"] is False
    text.close()
    try:
        DojangVectorEnv(URL, "CartPole-v1", render_mode="human")
        raise AssertionError("human was taken")
    except ValueError as error:
        assert "'ansi', 'rgb_array'" in str(error) and "'human'" in str(error), error
    refused("BAD_PARAM", lambda: DojangVectorEnv(URL, "letters-v0", render_mode="ansi"))


def check_close():
    """frees the batch that a seed replaces, so that 70 seeds stay within the 64 batches of a session; and closes twice without harm"""
    envs = DojangVectorEnv(URL, "Taxi-v4")
    for seed in range(70):
        envs.reset(seed=seed)
    envs.close(), envs.close()
    assert envs.closed


for name, check in list(globals().items()):
    if name.startswith("check_"):
        try:
            check()
            print(json.dumps({"name": name, "error": None}), flush=True)
        except Exception:
            print(json.dumps({"name": name, "error": traceback.format_exc()}), flush=True)
