/** Choosing one of n actions, honouring a mask: by chance, or the one with the greatest score. */
import type { Rng } from "dojang/env";
import { GymError } from "dojang/protocol";

/**
 * One of the legal actions, each as likely. One draw.
 * @param at place of the row's first flag in `mask`
 * @throws {GymError} ENV_FAULT where no action is legal
 */
export function chooseUniformly(n: number, mask: Uint8Array | undefined, at: number, rng: Rng): number {
  if (mask === undefined) return rng.int(n);
  let legal = 0;
  for (let a = 0; a < n; a++) legal += mask[at + a] === 0 ? 0 : 1;
  if (legal === 0) throw nothingLegal(n);
  let left = rng.int(legal);
  for (let a = 0; a < n; a++) if (mask[at + a] !== 0 && left-- === 0) return a;
  throw nothingLegal(n);
}

/** The legal action with the greatest score. Of k > 1 equals, the lowest; with an `rng` each as likely, for one draw. @throws {GymError} as above */
export function chooseGreedily(scores: ArrayLike<number>, mask: Uint8Array | undefined, at: number, rng?: Rng): number {
  let best = -1;
  let equals = 0;
  for (let a = 0; a < scores.length; a++) {
    if (mask !== undefined && mask[at + a] === 0) continue;
    const score = scores[a] as number;
    if (best < 0 || score > (scores[best] as number)) {
      best = a;
      equals = 1;
    } else if (score === scores[best]) equals++;
  }
  if (best < 0) throw nothingLegal(scores.length);
  if (rng === undefined || equals === 1) return best;
  let left = rng.int(equals);
  for (let a = best; ; a++) {
    if ((mask === undefined || mask[at + a] !== 0) && scores[a] === scores[best] && left-- === 0) return a;
  }
}

const nothingLegal = (n: number): GymError =>
  new GymError("ENV_FAULT", "mask", { expected: `at least one of ${n} actions to be legal`, received: "none" });
