/** The JavaScript suite under QuickJS: no attack passes, every honest answer does, and nothing is left afterwards. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCodeRunner, type CodeRunner } from "../../../../src/verify/code/index.ts";
import { quickjs } from "../../../../src/verify/code/quickjs/index.ts";
import { heldBytes } from "../../../support/held-bytes.ts";
import { openHandles, type Handles } from "../../../support/leaks.ts";
import { ATTACKS, CANARY, HONEST } from "./javascript/index.ts";
import { playAttacks, playHonest, type Suite } from "./play.ts";
import { HACKS, SUMS } from "./suite.ts";

let before: Handles;

let held: number;
let runner: CodeRunner;
const suite: Suite = { language: "javascript", driver: "quickjs", runner: () => runner };

beforeAll(() => {
  before = openHandles();
  held = heldBytes();
  process.env["DOJANG_CANARY"] = CANARY;
  runner = createCodeRunner({ kinds: [quickjs] });
});

afterAll(async () => {
  delete process.env["DOJANG_CANARY"];
  await runner.close();
});

it("holds at least 60 attacks over every kind of hack, and 40 honest answers, no name twice", () => {
  const names = [...ATTACKS, ...HONEST].map(({ name }) => name);
  expect(ATTACKS.length).toBeGreaterThanOrEqual(60);
  expect(HONEST.length).toBeGreaterThanOrEqual(40);
  expect(new Set(names).size).toBe(names.length);
  expect([...new Set(ATTACKS.map(({ hack }) => hack))].sort()).toEqual([...HACKS].sort());
});

describe("attacks", () => playAttacks(ATTACKS, suite));
describe("honest", () => playHonest(HONEST, suite));

describe("after the suite", () => {
  it("passes the next honest submission", async () => {
    const source = "const solve = (a) => a.reduce((x, y) => x + y, 0);";
    const result = await runner.run({ language: "javascript", source, entryPoint: "solve", tests: SUMS });
    expect(result.verdict).toBe("pass");
  });

  it("leaves no worker, timer or socket when the runner is closed, and gives its memory back", async () => {
    await runner.close();
    expect(openHandles().minus(before)).toEqual([]);
    expect(heldBytes() - held).toBeLessThan(24 * 2 ** 20);
  });
});
