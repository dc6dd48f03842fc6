/** What `secretsStayHidden` takes for seen: a question may be shown on after it was observed, an answer never. */
import { describe, expect, it } from "vitest";
import { checkEnv, defineEnv, discrete, rules, text, type AnyPlugin } from "../../src/env/index.ts";

interface Riddle {
  readonly question: string;
  readonly gold: string;
  readonly step: number;
}

/** Asks at the reset, says only "wrong" later; `picture` shows what it likes. */
const riddle = (picture: (state: Riddle) => string): AnyPlugin =>
  defineEnv({
    id: "Riddle-v0",
    secret: true,
    build: () =>
      rules({
        action: discrete(3),
        observation: text({ maxLength: 100 }),
        maxSteps: 4,
        reset: (rng): Riddle => ({
          question: `what is ${rng.int(1e6)} twice?`,
          gold: `answer-${rng.int(1e6)}`,
          step: 0,
        }),
        step: (state) => ({ state: { ...state, step: state.step + 1 }, reward: 0, terminated: false }),
        observe: ({ question, step }) => (step === 0 ? question : "wrong"),
        render: picture,
      }),
  });

const broken = async (plugin: AnyPlugin): Promise<string[]> =>
  (await checkEnv(plugin, { steps: 60 })).failed.map(({ rule }) => rule);

describe("secretsStayHidden", () => {
  it("lets a picture show the question of an earlier observation", async () => {
    expect(await broken(riddle(({ question, step }) => `${question} (${step})`))).toEqual([]);
  });
  it("refuses the answer in a picture, also at the end of a longer text", async () => {
    expect(await broken(riddle(({ question, gold, step }) => (step < 3 ? question : `${question}: ${gold}`)))).toEqual([
      "secretsStayHidden",
    ]);
  });
  it("refuses a question that only the next observation shows", async () => {
    const early = riddle(({ question }) => question);
    const late: AnyPlugin = {
      ...early,
      build: async (params, host) => {
        const built = (await early.build(params, host)) as object;
        return { ...built, observe: ({ question, step }: Riddle) => (step === 2 ? question : "wait") };
      },
    };
    expect(await broken(late)).toEqual(["secretsStayHidden"]);
  });
});
