/** `dojang doctor` on the code runner: which driver is in force, why a better one is not, and what is not protected. */
import { expect, it } from "vitest";
import { sandboxFor } from "../../src/cli/code-probes.ts";
import type { DriverKind, Probe } from "../../src/verify/code/index.ts";

const kind = (name: string, probe: Probe): DriverKind => ({
  name,
  languages: ["python"],
  probe: () => Promise.resolve(probe),
  create: () => Promise.reject(new Error("not made here")),
});
const holds = kind("second", { ok: true, found: "found 1.0", gaps: ["It leaks time.", "It shares a kernel."] });
const fails = kind("first", { ok: false, reason: "user namespaces are switched off" });
const ask = (...kinds: readonly DriverKind[]) => sandboxFor("python", kinds, (each) => each.probe());

it("names the first driver that holds, what was found and what it does not protect against", async () => {
  expect(await ask(holds, fails)).toEqual({
    ok: true,
    found: "second (found 1.0). Not protected against: It leaks time. It shares a kernel.",
  });
});

it("says why a driver that would come first is not used", async () => {
  const { found } = await ask(fails, holds);
  expect(found).toContain("second (found 1.0). first is not used: user namespaces are switched off.");
});

it("refuses a language where nothing holds, with every reason", async () => {
  const refused = await ask(fails, kind("third", { ok: false, reason: "not installed" }));
  expect(refused).toMatchObject({ ok: false, means: expect.stringContaining("refuses python") as string });
  expect(refused.found).toContain("first is not used: user namespaces are switched off");
  expect(refused.found).toContain("third is not used: not installed");
});

it("tries only drivers of the language", async () => {
  const { ok, found } = await sandboxFor("typescript", [holds], (each) => each.probe());
  expect({ ok, found }).toEqual({ ok: false, found: "no safe sandbox. " });
});
