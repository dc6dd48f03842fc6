/** One token from logits: drawn as often as its probability says, cut by temperature and nucleus. */
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import { likeliest, sample, type Sampling } from "../../../agents/text/sample.ts";

const LOGITS = Float32Array.from([0.5, 0.3, 0.15, 0.05], Math.log);

function shares(options: Sampling, draws = 20_000): number[] {
  const rng = new Rng(3);
  const counts = new Array<number>(LOGITS.length).fill(0);
  for (let i = 0; i < draws; i++) counts[sample(LOGITS, options, rng).token]! += 1;
  return counts.map((count) => count / draws);
}

describe("sample", () => {
  // The standard error of a share of 20,000 draws is at most 0.0036.
  it.each<[Sampling, number[]]>([
    [{}, [0.5, 0.3, 0.15, 0.05]],
    [{ temperature: 0.5 }, [0.25, 0.09, 0.0225, 0.0025].map((p) => p / 0.365)],
    [{ topP: 0.75 }, [0.625, 0.375, 0, 0]],
    [{ topP: 0.5 }, [1, 0, 0, 0]],
    [{ topP: 0.81 }, [0.5 / 0.95, 0.3 / 0.95, 0.15 / 0.95, 0]],
    [{ temperature: 0 }, [1, 0, 0, 0]],
    [{ temperature: 1e-310 }, [1, 0, 0, 0]],
  ])("with %j draws each token as often as its probability says, within 0.015", (options, expected) => {
    shares(options).forEach((share, token) => expect(Math.abs(share - expected[token]!)).toBeLessThan(0.015));
  });

  it("reports the log-probability at the temperature, before the nucleus cuts", () => {
    const rng = new Rng(1);
    const at = (options: Sampling): number => sample(LOGITS, options, rng).logProb;
    expect(at({ topP: 0.1 })).toBeCloseTo(Math.log(0.5), 6);
    expect(at({ topP: 0.1, temperature: 0.5 })).toBeCloseTo(Math.log(0.25 / 0.365), 6);
    expect(at({ temperature: 0 })).toBeCloseTo(Math.log(0.5), 6);
    // 1 / 1e-310 is infinite.
    expect(at({ temperature: 1e-310 })).toBeCloseTo(Math.log(0.5), 6);
    expect(likeliest(LOGITS, { temperature: 1e-310 }, 2).map(({ logProb }) => Math.exp(logProb))).toEqual([expect.closeTo(0.5, 6), expect.closeTo(0.3, 6)]); // prettier-ignore
  });

  it("draws one number a token, and none at temperature 0", () => {
    const [one, other] = [new Rng(5), new Rng(5)];
    sample(LOGITS, { topP: 0.9 }, one);
    other.uniform();
    sample(LOGITS, { temperature: 0 }, one);
    expect(one.uniform()).toBe(other.uniform());
  });

  it("draws from logits of any size", () => {
    const far = Float32Array.of(1e4, 1e4 - 1, -1e4);
    expect(sample(far, { temperature: 0 }, new Rng(1)).logProb).toBeCloseTo(-Math.log(1 + Math.exp(-1)), 5);
  });
});
