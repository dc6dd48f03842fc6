/** A part of a net: its parameters, and the function of them. */
import type { Tensor, Tensors } from "./backend.ts";
import type { ParamSpec } from "./params.ts";

export interface Module {
  readonly params: readonly ParamSpec[];
  /** Size of the last axis of what `apply` gives. */
  readonly outputs: number;
  /** Borrows the parameters, consumes `x`. */
  apply(p: Tensors, x: Tensor): Tensor;
}

/** The parameter of a name, borrowed. @throws {TypeError} when the model has none of that name: two parts disagree */
export function param(p: Tensors, name: string): Tensor {
  const found = p[name];
  if (found === undefined) throw new TypeError(`net: no parameter "${name}"; there are ${Object.keys(p).join(", ")}`);
  return found.ref;
}

/** One part after the other. */
export function chain(...parts: readonly [Module, ...Module[]]): Module {
  return {
    params: parts.flatMap(({ params }) => params),
    outputs: (parts.at(-1) ?? parts[0]).outputs,
    apply: (p, x) => parts.reduce((value, part) => part.apply(p, value), x),
  };
}
