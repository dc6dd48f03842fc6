"""What the checks expect of calls: errors by code or words, and the results of random steps."""

from dojang_wire import DojangError
from gymnasium.vector import AutoresetMode


def refused(code, call):
    """The DojangError with this code that the call must raise."""
    try:
        call()
    except DojangError as error:
        assert error.code == code, f"expected {code}, got {error}"
        return error
    raise AssertionError(f"expected {code}, got no error")


def invalid(words, call, kind=ValueError):
    try:
        call()
    except kind as error:
        assert words in str(error), error
        return
    raise AssertionError(f"expected a {kind.__name__} about {words}")


def steps(envs, count, seed=3):
    """What `count` steps of random actions give; rows that ended are reset where nobody else does."""
    envs.action_space.seed(seed)
    for _ in range(count):
        result = envs.step(envs.action_space.sample())
        yield result
        ended = result[2] | result[3]
        if envs.metadata["autoreset_mode"] == AutoresetMode.DISABLED and ended.any():
            envs.reset(options={"reset_mask": ended})
