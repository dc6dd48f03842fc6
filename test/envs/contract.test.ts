/** Every built-in environment holds every rule of the plugin contract. */
import { describe, expect, it } from "vitest";
import { assertEnv } from "dojang/env";
import { byId, idsOfBuiltIns } from "./built-in.ts";

describe("the built-in env", () => {
  it.each(byId)("%s holds every rule", async (_, plugin) => {
    const { skipped } = await assertEnv(plugin);
    expect(skipped).toEqual([]);
  });
  it("has an id that no other has", () => {
    expect(new Set(idsOfBuiltIns).size).toBe(idsOfBuiltIns.length);
  });
});
