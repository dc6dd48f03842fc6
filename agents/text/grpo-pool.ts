/** Groups that no update of GRPO has learnt from, in the order in which they ended. */
import { fieldsOf, type Plain, type Saveable } from "../shared/plain.ts";
import type { GrpoConfig } from "./grpo-config.ts";
import type { Group } from "./grpo-groups.ts";
import type { Transcript } from "./transcripts.ts";

export class GroupPool implements Saveable {
  readonly #size: number;
  readonly #rounds: number;
  #groups: Group[] = [];

  constructor({ numPrompts, dynamicSampling }: GrpoConfig) {
    [this.#size, this.#rounds] = [numPrompts, dynamicSampling];
  }

  /** Groups that wait. */
  get waiting(): number {
    return this.#groups.length;
  }

  add(groups: readonly Group[]): void {
    this.#groups.push(...groups);
  }

  /**
   * Takes out the groups of one update; undefined while there are too few. With dynamic sampling, groups that teach nothing make room for
   * later ones, for so many rounds: they are taken out too, and are not learnt from.
   */
  next(): { readonly groups: readonly Group[]; readonly rounds: number } | undefined {
    const most = Math.max(1, this.#rounds) * this.#size;
    const [teaching, dull]: [Group[], Group[]] = [[], []];
    for (const [i, group] of this.#groups.entries()) {
      (this.#rounds === 0 || differs(group.rewards) ? teaching : dull).push(group);
      if (teaching.length < this.#size && i + 1 < most) continue;
      this.#groups = this.#groups.slice(i + 1);
      return { groups: [...teaching, ...dull].slice(0, this.#size), rounds: (i + 1) / this.#size };
    }
    return undefined;
  }

  save(): readonly Plain[] {
    return this.#groups.map(({ rewards, parts, transcripts }) => ({
      ...{ rewards, parts },
      transcripts: transcripts.map((one) => (one === undefined ? null : plainOf(one))),
    }));
  }

  load(groups: Plain): void {
    // What `save` gave.
    this.#groups = (groups as readonly Plain[]).map((group) => {
      const { rewards, parts, transcripts } = fieldsOf(group);
      return { rewards, parts, transcripts: (transcripts as readonly Plain[]).map(transcriptOf) } as unknown as Group;
    });
  }
}

function differs(rewards: Float64Array): boolean {
  const real = rewards.filter((reward) => !Number.isNaN(reward));
  return real.some((reward) => reward !== real[0]);
}

const plainOf = ({ tokens, sampled, logProbs, clipped }: Transcript): Plain => ({
  ...{ tokens: Int32Array.from(tokens), sampled: Uint8Array.from(sampled) },
  ...{ logProbs: Float64Array.from(logProbs), clipped },
});

function transcriptOf(saved: Plain): Transcript | undefined {
  if (saved === null) return undefined;
  const { tokens, sampled, logProbs, clipped } = fieldsOf(saved);
  // The columns that `plainOf` made.
  const numbers = (column: Plain | undefined): number[] => [...(column as unknown as Iterable<number>)];
  return { tokens: numbers(tokens), sampled: numbers(sampled), logProbs: numbers(logProbs), clipped: clipped === true };
}
