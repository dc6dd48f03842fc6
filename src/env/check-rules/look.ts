/** Asks rules what they show of a state: the observation as one value, the mask, the info, the picture. */
import { allocate, outAt } from "../../../protocol/batch.ts";
import type { Space } from "../../../protocol/spaces.ts";
import type { AnyRules, RgbFrame } from "../rules.ts";

export interface Observed {
  /** A value of the space, if all is well: what `observe` returned, or the slices where array leaves were written in place. */
  readonly value: unknown;
  /** What `observe` itself returned. */
  readonly returned: unknown;
}

export function observe(rules: AnyRules, state: unknown): Observed {
  const space = rules.observation;
  // A space decides at run time what its batch and its slices are, so their types are open here.
  const out = outAt(space, allocate(space, 1), 0);
  const returned = rules.observe(state, out);
  return { value: merge(space, out, returned), returned };
}

export const isArraySpace = ({ kind }: Space): boolean =>
  kind === "box" || kind === "multiDiscrete" || kind === "multiBinary";

type Parts = Readonly<Record<string | number, unknown>> | null | undefined;

function merge(space: Space, out: unknown, returned: unknown): unknown {
  const part = (name: string | number, inner: Space): unknown =>
    merge(inner, (out as Parts)?.[name], (returned as Parts)?.[name]);
  if (space.kind === "dict")
    return Object.fromEntries(Object.entries(space.fields).map(([name, field]) => [name, part(name, field)]));
  if (space.kind === "tuple") return space.items.map((item, i) => part(i, item));
  const written = isArraySpace(space) && (typeof returned !== "object" || returned === null);
  return written ? out : returned;
}

/** The mask as plain numbers or booleans; undefined where the rules have none. */
export function mask(rules: AnyRules, state: unknown): readonly unknown[] | undefined {
  const flags = rules.legal?.(state);
  return flags === undefined ? undefined : Array.from(flags);
}

export const info = (rules: AnyRules, state: unknown): unknown => rules.info?.(state);
export const picture = (rules: AnyRules, state: unknown): string | RgbFrame | undefined => rules.render?.(state);
