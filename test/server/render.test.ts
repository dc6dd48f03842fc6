/** `render` over a socket: rows in order, and no more bytes of pictures than the limit, however many rows a client asks for. */
import { describe, expect, it } from "vitest";

import { connect, type Client } from "../../src/client/index.ts";
import { testServer } from "../support/test-server.ts";

const cartPoles = async (client: Client, num: number, renderMode = "rgb") => {
  const env = await client.make("CartPole-v1", { num, seed: 1, params: { renderMode } });
  await env.reset();
  return env;
};
const rows = (count: number): number[] => Array.from({ length: count }, (_, row) => row);
/** Of a picture of 480 x 240. */
const BYTES = 480 * 240 * 3;

describe("render", () => {
  it("gives the pictures of 40 rows in their order, more than are drawn at once", async () => {
    const client = connect((await testServer()).url);
    const env = await cartPoles(client, 40, "text");
    const all = await env.render(rows(40));
    expect(all).toHaveLength(40);
    expect(new Set(all).size).toBe(40);
    expect(await env.render([7, 31])).toEqual([all[7], all[31]]);
    expect(await env.render()).toEqual([all[0]]);
    await client.close();
  });
  it("refuses pictures beyond maxPictureBytes in one line, and goes on with fewer rows", async () => {
    const client = connect((await testServer({ limits: { maxPictureBytes: 20 * BYTES } })).url);
    const env = await cartPoles(client, 1_000);
    expect(await env.render(rows(20))).toHaveLength(20);
    await expect(env.render(rows(21))).rejects.toMatchObject({
      code: "LIMIT",
      message: `CartPole-v1: bytes of the pictures of 21 rows (maxPictureBytes): expected at most ${20 * BYTES}, got "${21 * BYTES} after 21 rows". Ask for fewer rows at once.`, // prettier-ignore
    });
    // All thousand would be 346 MB: it stops after two helpings of 16.
    await expect(env.render(rows(1_000))).rejects.toThrow(`got "${32 * BYTES} after 32 rows"`);
    expect(await env.render([999])).toHaveLength(1);
    expect((await env.step(new Int32Array(1_000))).status.every((status) => status === 0)).toBe(true);
    await client.close();
  });
});
