/** Random numbers of a run: one stream for each purpose, all derived from the run's seed, so that one more draw here changes nothing there. */
import { episodeSeed, Rng } from "dojang/env";

/** The seed of the stream for `purpose` ("explore", "env", ...): 2^53 of them. */
export const seedFor = (seed: number, purpose: string): number => episodeSeed(seed, fnv1a(purpose), 0);

export const rngFor = (seed: number, purpose: string): Rng => new Rng(seedFor(seed, purpose));

/** A seed for a run that was not given one: printed and kept with the run, so that it can be repeated. */
export function drawSeed(): number {
  const [hi, lo] = crypto.getRandomValues(new Uint32Array(2)) as Uint32Array & [number, number];
  return (hi & 0x1fffff) * 2 ** 32 + lo;
}

/** 32-bit FNV-1a of the UTF-16 code units (Fowler, Noll & Vo, 1991). */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
