/** A gated recurrent unit (Cho et al., 2014). */
import { nn, np, type Tensor, type Tensors } from "./backend.ts";
import { dense } from "./layers.ts";
import type { ParamSpec } from "./params.ts";
import { orthogonal } from "./params.ts";

export interface Gru {
  readonly params: readonly ParamSpec[];
  readonly size: number;
  /** x [B, inputs] and h [B, size], both consumed, give the next h [B, size]. */
  step(p: Tensors, x: Tensor, h: Tensor): Tensor;
}

/** z = sigmoid(W x + U h), r likewise, n = tanh(W x + r * (U h)), h' = (1 - z) n + z h; the three gates are one matmul each way. */
export function gru(name: string, inputs: number, size: number): Gru {
  const input = dense({ name: `${name}.input`, inputs, outputs: 3 * size, init: orthogonal(1) });
  const state = dense({ name: `${name}.state`, inputs: size, outputs: 3 * size, init: orthogonal(1) });
  return {
    params: [...input.params, ...state.params],
    size,
    step(p, x, h) {
      const fromInput = gates(input.apply(p, x), size);
      const fromState = gates(state.apply(p, h.ref), size);
      const z = nn.sigmoid(fromInput[0].add(fromState[0]));
      const r = nn.sigmoid(fromInput[1].add(fromState[1]));
      const candidate = np.tanh(fromInput[2].add(r.mul(fromState[2])));
      // (1 - z) n + z h = n + z (h - n)
      return candidate.ref.add(z.mul(h.sub(candidate)));
    },
  };
}

function gates(x: Tensor, size: number): [Tensor, Tensor, Tensor] {
  const cut = (k: number): Tensor => x.ref.slice([], [k * size, (k + 1) * size]);
  const parts: [Tensor, Tensor, Tensor] = [cut(0), cut(1), cut(2)];
  x.dispose();
  return parts;
}
