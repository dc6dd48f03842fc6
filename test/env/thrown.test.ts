/** Which line of which file is named for what a plugin throws. */
import { defineEnv, discrete, rules, type AnyPlugin } from "dojang/env";
import { local } from "dojang/client/local";
import { GymError } from "dojang/protocol";
import { describe, expect, it, onTestFinished } from "vitest";

import { asFault, placeOf } from "../../src/env/thrown.ts";

/** An error with a stack of these frames. */
function thrownAt(...frames: readonly string[]): Error {
  const error = new TypeError("no bar");
  error.stack = ["TypeError: no bar", ...frames.map((frame) => `    at ${frame}`)].join("\n");
  return error;
}

const HERE = process.cwd();
const runner = `Stepper.stepAll (file://${HERE}/src/env/stepper.ts:93:30)`;

describe("the place of a throw", () => {
  it("is the first line in a plugin's file, past Node, packages and dojang's helpers", () => {
    const error = thrownAt(
      "node:internal/fs:3:1",
      "JSON.parse (<anonymous>)",
      `Rng.int (file://${HERE}/src/env/rng.ts:69:13)`,
      `f (file://${HERE}/node_modules/pure-rand/x.js:1:2)`,
      `async Object.step [as x] (file://${HERE}/my%20envs/a.ts?v=1:7:27)`,
      runner,
    );
    expect(placeOf(error)).toBe("my envs/a.ts:7:27");
  });

  it("is a whole path outside the working directory, also in CommonJS", () => {
    expect(placeOf(thrownAt("/elsewhere/a.cjs:7:27", runner))).toBe("/elsewhere/a.cjs:7:27");
    expect(placeOf(thrownAt("step (/elsewhere/a (1).cjs:7:27)", runner))).toBe("/elsewhere/a (1).cjs:7:27");
  });

  it("is none for a built-in env, though a user's file called it", () => {
    const caller = `file://${HERE}/train-it.ts:3:1`;
    expect(placeOf(thrownAt(`step (file://${HERE}/envs/taxi/index.ts:7:27)`, runner, caller))).toBeUndefined();
    expect(placeOf(thrownAt(`f (file:///x/node_modules/some-env/index.js:7:27)`, runner, caller))).toBeUndefined();
  });

  it("is none where the stack is not one of Node's", () => {
    for (const stack of [undefined, 7, {}, "no frames", "    at file://host/a.ts:1:2"])
      expect(placeOf(Object.assign(new Error("x"), { stack }))).toBeUndefined();
    const trap = Object.defineProperty(new Error("x"), "stack", { get: () => { throw new Error("trap"); } }); // prettier-ignore
    expect(placeOf(trap)).toBeUndefined();
  });

  it("is added to neither an error with a code of its own nor to what is no error", () => {
    const known = new GymError("VERIFIER_UNAVAILABLE", "math verifier");
    expect(asFault(known, "ENV_FAULT", "step")).toBe(known);
    expect(asFault("a text", "ENV_FAULT", "step").message).toBe('step: "a text"');
    expect(asFault(thrownAt(`file://${HERE}/a.ts:1:2`), "ENV_FAULT", "step").message).toBe(
      "step: no bar (at a.ts:1:2)",
    );
  });
});

describe("what an agent is told of a throw", () => {
  const plugin = (secret: boolean): AnyPlugin =>
    defineEnv({
      id: "test/Throws-v0",
      secret,
      build: () =>
        rules({
          action: discrete(2),
          observation: discrete(2),
          reset: () => 0,
          step: (): never => {
            throw new Error("tripped");
          },
          observe: () => 0,
        }),
    });

  const told = async (secret: boolean): Promise<string | undefined> => {
    const client = local({ plugins: [plugin(secret)] });
    onTestFinished(() => client.close());
    const env = await client.make("test/Throws-v0", { num: 1, seed: 1 });
    await env.reset();
    return (await env.step(Int32Array.of(0))).errors?.[0]?.message;
  };

  it("names the line, but not where the state holds an answer", async () => {
    expect(await told(false)).toMatch(/step: tripped \(at test\/env\/thrown\.test\.ts:\d+:\d+\)$/);
    expect(await told(true)).not.toMatch(/tripped|thrown\.test/);
  });
});
