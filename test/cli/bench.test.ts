/** `dojang bench`: which benchmarks and parts there are, and that a quick part runs through. */
import { describe, expect, it } from "vitest";

import { call, lastLine, wrong } from "./call.ts";

describe("dojang bench", () => {
  it("names the benchmarks for one that there is not", async () => {
    expect(await call("bench", "wier")).toEqual(
      wrong('bench: expected wire, envs, agents, moe, verify, got "wier". Did you mean wire?'),
    );
  });

  it.each(["wire", "envs", "agents"])("names the parts of %s for one that there is not", async (what) => {
    const { code, stdout, stderr } = await call("bench", what, "--quick", "--part", "none-of-them");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^dojang: --part: expected one of .*, got "none-of-them".*\n$/);
  });

  it("measures one env alone and in a batch, and ends with the result", async () => {
    const { code, stdout } = await call("bench", "envs", "--quick", "--part", "CartPole-v1", "--json");
    expect(code).toBe(0);
    const [line, result, ...others] = stdout.trimEnd().split("\n");
    expect(others).toEqual([]);
    const speed = JSON.parse(line ?? "") as Record<string, unknown>;
    expect(speed).toMatchObject({ env: "CartPole-v1" });
    expect(speed["single_steps_per_s"]).toBeGreaterThan(100);
    expect(speed["batch_steps_per_s"]).toBeGreaterThan(1_000);
    expect(lastLine({ stdout: result ?? "" })).toMatchObject({
      "CartPole-v1 batch_steps_per_s": speed["batch_steps_per_s"],
    });
  });

  it.each([
    ["loop", "CartPole-v1 typed_loop_ratio"],
    ["cores", "CartPole-v1 all_cores_speedup"],
  ])("compares, in the part %s, and puts the ratio in the result", async (part, figure) => {
    const { code, stdout } = await call("bench", "envs", "--quick", "--part", part, "--json");
    expect(code).toBe(0);
    expect((lastLine({ stdout }) as Record<string, unknown>)[figure]).toBeGreaterThan(0);
  });

  it("measures a cell of the agents in a process of its own, and names it in the result", async () => {
    const { code, stdout } = await call("bench", "agents", "--quick", "--only", "classic/*", "--json");
    expect(code).toBe(0);
    const [row, result] = stdout.trimEnd().split("\n");
    expect(JSON.parse(row ?? "")).toMatchObject({ cell: "classic/q-learning/FrozenLake-v1/1", episodes: 5, num: 16 });
    expect(lastLine({ stdout: result ?? "" })).toMatchObject({ "classic/q-learning/FrozenLake-v1/1 met": true });
  });

  it("lists the cells of the agents without measuring any", async () => {
    const { code, stdout } = await call("bench", "agents", "--list", "--only", "cartpole/ppo/*", "--json");
    expect(code).toBe(0);
    expect(lastLine({ stdout })).toMatchObject({ cells: 5 });
  });

  it("refuses a pattern that no cell fits, and --only for what has no cells", async () => {
    expect((await call("bench", "agents", "--only", "nothing/*")).stderr).toBe(
      'dojang: --only: expected a pattern that fits a cell, got "nothing/*". --list names them.\n',
    );
    expect(await call("bench", "wire", "--only", "x")).toEqual(
      wrong('bench wire: expected only, list and again for agents alone, got "--only"'),
    );
  });
});
