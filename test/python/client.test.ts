/** The Python client (examples/python) against a real server: what Gymnasium asks of it, what the TypeScript client gives, and its guide to the letter. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { addBuiltIns } from "../../src/registry/load.ts";
import { Registry } from "../../src/registry/registry.ts";
import { serve, type DojangServer } from "../../src/server/serve.ts";
import { makeToken } from "../../src/server/tokens.ts";
import { ROOT } from "../repo/sources.ts";
import { CuttingProxy } from "../support/cutting-proxy.ts";
import { drawGame } from "../support/draw-game.ts";
import { blocksOf } from "../support/markdown.ts";
import { playGame, type Game } from "../support/play-game.ts";
import { removeFolder } from "../support/temp.ts";
import { followGuide } from "./guide.ts";
import { PLUGINS } from "./letters-env.ts";
import { makePython, missingPython, type Python } from "./python.ts";

const TOKEN = "correct-horse";
const missing = missingPython();
const guide = blocksOf(readFileSync(join(ROOT, "docs/python.md"), "utf8"));
const checks = Array.from(
  readFileSync(join(import.meta.dirname, "checks.py"), "utf8").matchAll(/^def (check_\w+)\(\):\n {4}"""(.+)"""$/gm),
  ([, name = "", sentence = ""]) => ({ name, sentence }),
);

describe.skipIf(missing)(`the Python client${missing === undefined ? "" : `, which ${missing}`}`, () => {
  const registry = new Registry();
  let python: Python | undefined;
  let server: DojangServer;
  let guarded: DojangServer;

  beforeAll(async () => {
    await addBuiltIns(registry);
    for (const plugin of PLUGINS) registry.add(plugin, "test");
    server = await serve({ registry, port: 0 });
    guarded = await serve({ registry, port: 0, tokens: [makeToken(TOKEN)] });
    python = await makePython(guide[0]!.code);
  }, 180_000);

  afterAll(async () => {
    if (python !== undefined) removeFolder(python.folder);
    await server.close();
    await guarded.close();
    await registry.close();
  });

  describe("checked in Python", () => {
    const results = new Map<string, string | null>();

    beforeAll(async () => {
      const vectors = join(ROOT, "protocol/vectors/columns.json");
      const { stdout } = await python!.script("checks.py", [server.url, guarded.url, TOKEN, vectors]);
      for (const line of stdout.trim().split("\n")) {
        const { name, error } = JSON.parse(line) as { name: string; error: string | null };
        results.set(name, error);
      }
    }, 120_000);

    it.each(checks)("$sentence", ({ name }) => {
      expect(results.get(name), name).toBeNull();
    });

    it("runs every check that it names", () => {
      expect([...results.keys()]).toEqual(checks.map(({ name }) => name));
      expect(checks.length).toBeGreaterThan(15);
    });
  });

  describe("beside the TypeScript client, with the same seeds and actions", () => {
    const games = ["NextStep", "SameStep", "Disabled"].flatMap((mode) =>
      ["FrozenLake-v1", "Taxi-v4", "CartPole-v1", "Blackjack-v1"].map((env) => drawGame(env, mode)),
    );
    let played: readonly unknown[] = [];
    const inPython = async (list: readonly Game[]): Promise<unknown[]> => {
      const { stdout } = await python!.script("play.py", [], JSON.stringify(list));
      return stdout.trim().split("\n").map((line) => JSON.parse(line) as unknown); // prettier-ignore
    };

    beforeAll(async () => {
      played = await inPython(games.map((game) => ({ ...game, url: server.url })));
    }, 60_000);

    it.each(games.map((game, i) => ({ ...game, i })))(
      "gives the same 80 frames of $env with autoreset $mode",
      async ({ i, ...game }) => {
        const expected = await playGame({ ...game, url: server.url });
        expect(expected.filter((frame) => "episode_return" in frame).length).toBeGreaterThan(2);
        expect(played[i]).toEqual(expected);
      },
    );

    it("gives the same frames behind a proxy that cuts the socket 25 times", async () => {
      const proxy = await CuttingProxy.start(server.port, { seed: 3, cuts: 25, within: 3000 });
      const game = drawGame("Taxi-v4", "NextStep", { steps: 600 });
      const [cut] = await inPython([{ ...game, url: `ws://127.0.0.1:${proxy.port}` }]);
      expect(proxy.cuts).toBe(25);
      expect(cut).toEqual(await playGame({ ...game, url: server.url }));
    });
  });

  describe("docs/python.md", () => {
    it("learns FrozenLake to a success rate of 0.7, and runs its program, command by command", async () => {
      const outputs = await followGuide(guide, python!);
      const [train = "", program = ""] = outputs;
      expect(Number(/^success rate (0\.\d+)$/m.exec(train)?.[1])).toBeGreaterThanOrEqual(0.7);
      expect(program.split("\n").filter((line) => /^returns \[/.test(line)).length).toBeGreaterThan(3);
    });
  });
});
