/** Which spaces an agent can work with, said in words for those who pick the wrong env. */
import type { Space } from "dojang/protocol";

/** A kind of space that an agent asks for. */
export interface Fit<S extends Space = Space> {
  /** What is needed, as a noun phrase. */
  readonly says: string;
  fits(space: Space): space is S;
}

type Of<K extends Space["kind"]> = Extract<Space, { readonly kind: K }>;

const isFinite = (space: Space): boolean => {
  if (space.kind === "dict") return Object.values(space.fields).every(isFinite);
  if (space.kind === "tuple") return space.items.every(isFinite);
  return space.kind === "discrete" || space.kind === "multiDiscrete" || space.kind === "multiBinary";
};

export const anySpace: Fit = { says: "any space", fits: (space): space is Space => space.kind.length > 0 };

export const discreteSpace: Fit<Of<"discrete">> = {
  says: "a discrete space",
  fits: (space): space is Of<"discrete"> => space.kind === "discrete",
};

export const boxSpace: Fit<Of<"box">> = {
  says: "a box space",
  fits: (space): space is Of<"box"> => space.kind === "box",
};

/** Spaces whose values can be counted: discrete ones, and dicts and tuples of such. */
export const finiteSpace: Fit = {
  says: "a finite space (discrete, multiDiscrete, multiBinary, or a tuple or dict of these)",
  fits: (space): space is Space => isFinite(space),
};
