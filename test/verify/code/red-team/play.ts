/** Plays a red-team suite under one driver. */
import { expect, it } from "vitest";
import type { CodeRunner } from "../../../../src/verify/code/index.ts";
import type { Language } from "../../../../src/verify/code/types.ts";
import { SUMS, TIGHT, verdictsOf, type Attack, type Honest } from "./suite.ts";

export interface Suite {
  readonly language: Language;
  /** Name of the driver that the runner is to use. */
  readonly driver: string;
  readonly runner: () => CodeRunner;
}

/** One test for each attack: it comes to the verdict that the suite names, and never passes. */
export function playAttacks(attacks: readonly Attack[], { language, driver, runner }: Suite): void {
  it.each(attacks.map((attack) => [attack.name, attack] as const))(
    "does not pass a submission that %s",
    async (_, attack) => {
      const result = await runner().run({
        language,
        source: attack.source,
        entryPoint: attack.entryPoint ?? "solve",
        tests: attack.tests ?? SUMS,
        limits: { ...TIGHT, ...attack.limits },
        ...(attack.compare === undefined ? {} : { compare: attack.compare }),
      });
      expect(result.driver).toBe(driver);
      expect(verdictsOf(attack, driver), `${result.verdict}: ${result.detail}`).toContain(result.verdict);
      expect(result.verdict).not.toBe("pass");
      expect(JSON.stringify(result)).not.toContain("canary");
    },
  );
}

export function playHonest(honest: readonly Honest[], { language, runner }: Suite): void {
  it.each(honest.map((each) => [each.name, each] as const))("passes an honest submission with %s", async (_, each) => {
    const { name, source, entryPoint = "solve", tests, compare } = each;
    const result = await runner().run({
      language,
      source,
      entryPoint,
      tests,
      ...(compare === undefined ? {} : { compare }),
    });
    expect(result, name).toMatchObject({ verdict: "pass", passed: tests.length, detail: "" });
  });
}
