/** `dojang/client` in a real browser: the same frames as in Node, tokens, refused origins, lost sockets, and its guide to the letter. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

import { ROOT } from "../repo/sources.ts";
import { CuttingProxy } from "../support/cutting-proxy.ts";
import { drawGame } from "../support/draw-game.ts";
import { blocksOf } from "../support/markdown.ts";
import { playGame, type Game } from "../support/play-game.ts";
import { testServer } from "../support/test-server.ts";
import { makeToken } from "../../src/server/tokens.ts";
import { bundle } from "./bundle.ts";
import { launch, missingChromium, servePage } from "./chromium.ts";
import { followGuide } from "./guide.ts";
import type { Failure, Page } from "./page.ts";

/** Its base64 has a plus and a slash, which base64url replaces. */
const TOKEN = "~~~ûïÿ";
const guide = blocksOf(readFileSync(join(ROOT, "docs/browser.md"), "utf8"));

describe("the bundle for a browser", () => {
  it("imports nothing of Node and holds neither ws nor rxjs, in less than 100 kB", async () => {
    const { code, inputs, left } = await bundle(join(import.meta.dirname, "page.ts"));
    expect(left).toEqual([]);
    expect(inputs.filter((path) => /node_modules\/(?:ws|rxjs)\//.test(path))).toEqual([]);
    expect(inputs.filter((path) => path.endsWith("socket-browser.ts"))).toHaveLength(1);
    expect(code.length).toBeLessThan(100_000);
  });
});

describe.skipIf(missingChromium)(
  `dojang/client in Chromium${missingChromium === undefined ? "" : `, which ${missingChromium}`}`,
  () => {
    let browser: Browser | undefined;
    let pages: { server: Server; port: number } | undefined;
    let origin = "";

    beforeAll(async () => {
      const { code } = await bundle(join(import.meta.dirname, "page.ts"));
      pages = await servePage(code);
      origin = `http://127.0.0.1:${pages.port}`;
      browser = await launch();
    });

    afterAll(async () => {
      await browser?.close();
      if (pages === undefined) return;
      pages.server.closeAllConnections();
      pages.server.close();
      await once(pages.server, "close");
    });

    /** Plays a game in a page of that origin. */
    async function playIn(from: string, game: Game, token?: string): Promise<object[] | Failure> {
      const page = await browser!.newPage();
      onTestFinished(() => page.close());
      await page.goto(from);
      return await page.evaluate(
        ([one, two]) => (globalThis as unknown as { page: Page }).page.play(one, two), // page.ts put it there
        [game, token] as const,
      );
    }

    it.each(["FrozenLake-v1", "CartPole-v1"])(
      "gives the frames that Node's client gives, through 200 random steps of 8 %s",
      async (env) => {
        const { url } = await testServer({ allowOrigins: [origin] });
        const game = { ...drawGame(env, "SameStep", { num: 8, steps: 200 }), url };
        const frames = await playIn(origin, game);
        expect(frames).toHaveLength(201);
        expect(frames).toEqual(await playGame(game));
      },
    );

    it("hands its token over as a subprotocol; with a wrong one it is refused", async () => {
      const { url } = await testServer({ allowOrigins: [origin], tokens: [makeToken(TOKEN)] });
      const game = { ...drawGame("FrozenLake-v1", "NextStep", { steps: 3 }), url };
      expect(await playIn(origin, game, TOKEN)).toHaveLength(4);
      expect(await playIn(origin, game, `${TOKEN}s`)).toMatchObject({ code: "CONNECTION_LOST" });
      expect(await playIn(origin, game)).toMatchObject({ code: "CONNECTION_LOST" });
    });

    it("is refused from an origin that is not allowed: the same page under another name", async () => {
      const server = await testServer({ allowOrigins: [origin] });
      const game = { ...drawGame("FrozenLake-v1", "NextStep", { steps: 3 }), url: server.url };
      const refused = await playIn(origin.replace("127.0.0.1", "localhost"), game);
      expect(refused).toMatchObject({ code: "CONNECTION_LOST" });
      expect((refused as Failure).message).toContain(server.url);
      expect(server.sessions).toBe(0);
      expect(await playIn(origin, game)).toHaveLength(4);
    });

    it("goes on after the server's side drops the socket, 8 times in 200 steps", async () => {
      const server = await testServer({ allowOrigins: [origin] });
      const proxy = await CuttingProxy.start(server.port, { seed: 5, cuts: 8, within: 4000 });
      const game = drawGame("FrozenLake-v1", "NextStep", { num: 8, steps: 200 });
      const frames = await playIn(origin, { ...game, url: `ws://127.0.0.1:${proxy.port}` });
      expect(proxy.cuts).toBe(8);
      expect(frames).toEqual(await playGame({ ...game, url: server.url }));
    });

    it("does what docs/browser.md shows: 8 lakes walked at random until 100 walks have ended", async () => {
      const text = await followGuide(guide, browser!);
      const [, arrived, episodes] = /^(\d+) of (\d+) random walks arrived$/.exec(text)!;
      expect(Number(episodes)).toBeGreaterThanOrEqual(100);
      expect(Number(arrived)).toBeLessThan(20); // a random walk arrives once in 70
    });
  },
);
