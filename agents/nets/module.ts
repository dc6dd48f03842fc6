/** A part of a net: its parameters, and the function of them. */
import type { Tensor, Tensors } from "./backend.ts";
import type { OnHost } from "./host-layers.ts";
import type { ParamSpec } from "./params.ts";

export interface Module {
  readonly params: readonly ParamSpec[];
  /** Size of the last axis of what `apply` gives. */
  readonly outputs: number;
  /** Borrows the parameters, consumes `x`. */
  apply(p: Tensors, x: Tensor): Tensor;
  /** The same on the host, up to rounding; absent where a part has no such form. */
  readonly onHost?: OnHost | undefined;
}

/** A part that has a form on the host. */
export interface HostModule extends Module {
  readonly onHost: OnHost;
}

/** The parameter of a name, borrowed. @throws {TypeError} when the model has none of that name: two parts disagree */
export function param(p: Tensors, name: string): Tensor {
  const found = p[name];
  if (found === undefined) throw new TypeError(`net: no parameter "${name}"; there are ${Object.keys(p).join(", ")}`);
  return found.ref;
}

/** One part after the other. */
export function chain(...parts: readonly [Module, ...Module[]]): Module {
  const hosts = parts.flatMap(({ onHost }) => onHost ?? []);
  return {
    params: parts.flatMap(({ params }) => params),
    outputs: (parts.at(-1) ?? parts[0]).outputs,
    apply: (p, x) => parts.reduce((value, part) => part.apply(p, value), x),
    onHost: hosts.length === parts.length ? inTurn(hosts) : undefined,
  };
}

const inTurn =
  (hosts: readonly OnHost[]): OnHost =>
  (weights, x, rows) => {
    let value = x;
    for (const onHost of hosts) value = onHost(weights, value, rows);
    return value as Float64Array;
  };
