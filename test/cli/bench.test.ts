/** `dojang bench`: which benchmarks and parts there are, and that a quick part runs through. */
import { describe, expect, it } from "vitest";

import { call, lastLine, wrong } from "./call.ts";

describe("dojang bench", () => {
  it("names the benchmarks for one that there is not", async () => {
    expect(await call("bench", "wier")).toEqual(
      wrong('bench: expected wire, envs, agents, verify, got "wier". Did you mean wire?'),
    );
  });

  it.each(["wire", "envs"])("names the parts of %s for one that there is not", async (what) => {
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
});
