/** What a live env shows, looked at before a policy acts on it: a NaN, or a row without a legal action, is the env's fault and not the learner's. */
import type { Env } from "dojang/client";
import { GymError, type BatchOf, type Box, type Frame, type Space } from "dojang/protocol";

/** Rows as a policy or a learner sees them: [n] each. */
interface Rows {
  readonly env: Uint32Array;
  readonly episode: Float64Array;
  /** steps taken in the episode */
  readonly t: Int32Array;
}

interface FloatLeaf {
  readonly path: string;
  readonly space: Box;
  /** numbers in a row */
  readonly size: number;
  of(batch: BatchOf<Space>): ArrayLike<number>;
}

export class Shown {
  readonly #env: Env;
  readonly #leaves: readonly FloatLeaf[];
  /** Choices of each component of an action. */
  readonly #choices: readonly number[];
  /** By instance: the last episode whose seed was told, and the seed. */
  readonly #told = new Map<number, readonly [episode: number, seed: number]>();

  constructor(env: Env) {
    this.#env = env;
    this.#leaves = floatLeaves(env.spaces.observation, "observation", (batch) => batch);
    const { action } = env.spaces;
    this.#choices = action.kind === "discrete" ? [action.n] : action.kind === "multiDiscrete" ? action.nvec : [];
  }

  /** Keeps the seeds of the episodes that began in `frame`, to name them. @param instances by row of the frame */
  note({ seeds }: Frame, instances: Uint32Array): void {
    for (let k = 0; seeds && k < seeds.index.length; k++) {
      const instance = instances[seeds.index[k] as number] as number;
      this.#told.set(instance, [seeds.episode[k] as number, seeds.seed[k] as number]);
    }
  }

  /** @param later 1 where `obs` is shown one step after `t`. @throws {GymError} ENV_FAULT naming the first NaN, or infinity within finite bounds */
  checkNumbers(obs: BatchOf<Space>, rows: Rows, later: 0 | 1 = 0): void {
    for (const leaf of this.#leaves) {
      const values = leaf.of(obs);
      for (let i = 0; i < values.length; i++) {
        const value = values[i] as number;
        // Only of what is no finite number the difference is not 0.
        if (value - value !== 0 && !isAllowed(leaf, i, value)) throw this.#notFinite(leaf, i, value, rows, later);
      }
    }
  }

  /** @throws {GymError} ENV_FAULT naming the first row in which nothing is legal */
  checkMask(mask: Uint8Array | undefined, rows: Rows): void {
    if (mask === undefined) return;
    for (let row = 0, at = 0; row < rows.env.length; row++) {
      for (const n of this.#choices) {
        const end = at + n;
        while (at < end && mask[at] === 0) at++;
        if (at === end) throw this.#fault(rows, row, 0, "legal", `at least one of ${n} actions to be legal`, "none");
        at = end;
      }
    }
  }

  #notFinite({ path, size, space }: FloatLeaf, i: number, value: number, rows: Rows, later: 0 | 1): GymError {
    const place = space.shape.length === 0 ? path : `${path}[${i % size}]`;
    return this.#fault(rows, Math.floor(i / size), later, place, "a finite number", value);
  }

  #fault(rows: Rows, row: number, later: 0 | 1, what: string, expected: string, received: unknown): GymError {
    const [instance, episode] = [rows.env[row] as number, rows.episode[row] as number];
    const [last, seed] = this.#told.get(instance) ?? [];
    const seeded = last === episode ? ` (seed ${seed})` : "";
    const step = (rows.t[row] as number) + later;
    const where = `${this.#env.id}: instance ${instance}, episode ${episode}${seeded}, step ${step}: ${what}`;
    const hint = "The env is at fault, not the learner: mend it; `dojang check FILE` plays its rules.";
    return new GymError("ENV_FAULT", where, { expected, received, hint });
  }
}

function floatLeaves(space: Space, path: string, of: (batch: BatchOf<Space>) => unknown): FloatLeaf[] {
  // `of` gives what the batch of this very space is.
  if (space.kind === "box" && space.dtype.startsWith("float"))
    return [{ path, space, size: space.shape.reduce((a, b) => a * b, 1), of: of as FloatLeaf["of"] }];
  const inner = space.kind === "dict" ? space.fields : space.kind === "tuple" ? space.items : {};
  return Object.entries(inner).flatMap(([name, part]) =>
    floatLeaves(part, `${path}.${name}`, (batch) => (of(batch) as Readonly<Record<string, unknown>>)[name]),
  );
}

/** An infinity may be shown where the bound is infinite by design. */
function isAllowed({ space, size }: FloatLeaf, i: number, value: number): boolean {
  const bound = value > 0 ? space.high : space.low;
  return !Number.isNaN(value) && value === (typeof bound === "number" ? bound : bound[i % size]);
}
