/** Gradients of the experts, the router, the balance loss, rotary attention and a whole decoder agree with central differences within 1e-4, compiled as in training. */
import { describe, it } from "vitest";
import { np } from "../../../agents/nets/backend.ts";
import { causalAttention } from "../../../agents/nets/decoder/causal-attention.ts";
import { decoder, type DecoderOptions } from "../../../agents/nets/decoder/decoder.ts";
import { param } from "../../../agents/nets/module.ts";
import { sequenceBalance } from "../../../agents/nets/moe-balance.ts";
import { gatesOf, route, wideGatesOf } from "../../../agents/nets/moe-route.ts";
import { moe } from "../../../agents/nets/moe.ts";
import { zeros } from "../../../agents/nets/params.ts";
import { expectGradients, upload, type Block } from "./differences.ts";

const layer = { name: "moe", width: 6, hidden: 5, experts: 4, active: 2 };
const heads = { name: "attention", width: 8, heads: 2 };
const tokens = Int32Array.of(1, 4, 2, 3, 0, 0, 3, 3, 1, 2, 4, 1);
const net = { vocab: 5, width: 8, layers: 2, heads: 2, context: 8, pad: 0 };

const routed = (options: { routeScale?: number; groups?: number; activeGroups?: number }, wide: boolean): Block => ({
  params: [{ name: "bias", shape: [4], init: zeros }],
  input: [5, 4],
  apply(p, x) {
    const shape = { experts: 4, active: 2, ...options };
    const routing = route(x, param(p, "bias"), shape);
    const gates = (wide ? wideGatesOf : gatesOf)(routing, shape);
    routing.scores.dispose();
    routing.chosen.dispose();
    return gates;
  },
});

/** Logits of fixed tokens, two rows of six, and the loss of the balance beside them. */
const whole = (options: Partial<DecoderOptions>): Block => {
  const { params, forward } = decoder({ ...net, ...options });
  return {
    params,
    apply(p, x) {
      x.dispose();
      const { logits, experts } = forward(p, upload(tokens, [2, 6]));
      experts?.loads.dispose();
      return np.concatenate([logits.reshape([60]), (experts?.loss ?? np.array(0)).reshape([1])]);
    },
  };
};

const BLOCKS: Readonly<Record<string, Block>> = {
  "gates [N, active]": routed({ routeScale: 2.5 }, false),
  "gates [N, experts]": routed({}, true),
  "gates of 1 group in 2": routed({ groups: 2, activeGroups: 1 }, false),
  "all experts as one matmul": { ...moe({ ...layer, dispatch: "dense" }), input: [7, 6] },
  "experts in blocks": { ...moe({ ...layer, dispatch: "grouped" }), input: [7, 6] },
  "experts in blocks, several each": {
    ...moe({ ...layer, experts: 2, active: 1, dispatch: "grouped" }),
    input: [19, 6],
  },
  "experts without a shared one": { ...moe({ ...layer, shared: 0, dispatch: "grouped" }), input: [7, 6] },
  "experts with two shared ones": { ...moe({ ...layer, shared: 2, dispatch: "dense" }), input: [7, 6] },
  "the sequence-wise balance loss": {
    params: [{ name: "bias", shape: [4], init: zeros }],
    input: [6, 4],
    apply(p, x) {
      const routing = route(x, param(p, "bias"), { experts: 4, active: 2 });
      const loss = sequenceBalance(routing, upload(Float32Array.of(1, 1, 1, 1, 0, 0), [2, 3]));
      routing.scores.dispose();
      routing.chosen.dispose();
      return loss.reshape([1]);
    },
  },
  "attention with rotary positions": { ...causalAttention({ ...heads, rotary: true }), input: [2, 5, 8] },
  "attention without them": { ...causalAttention({ ...heads, rotary: false }), input: [2, 4, 8] },
  "a dense decoder": whole({ ffn: 6 }),
  "a decoder with learned positions": whole({ ffn: 6, positions: "learned" }),
  "a decoder with experts": whole({
    moe: { experts: 4, active: 2, hidden: 4, dispatch: "grouped", balanceWeight: 0.5 },
  }),
};

describe("the gradient", () => {
  it.each(Object.entries(BLOCKS))("of %s is that of central differences within 1e-4", (name, block) => {
    expectGradients(block, name.includes("decoder") ? 2 : 7);
  });
});
