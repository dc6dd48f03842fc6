/** What a net with experts costs: parameters in all and for one token, and the dense net of equal active size that it is compared with. */
import type { DecoderOptions } from "./decoder/decoder.ts";
import type { MoeShape } from "./moe.ts";
import { sizeOf, type ParamSpec } from "./params.ts";

export interface Size {
  /** Parameters. */
  readonly total: number;
  /** Those that a token passes through: of the routed experts, as many as are active. */
  readonly active: number;
}

/** Of a net whose experts all have this shape. */
export function sizeOfNet(params: readonly ParamSpec[], shape?: MoeShape): Size {
  const count = (some: readonly ParamSpec[]): number => some.reduce((sum, { shape: own }) => sum + sizeOf(own), 0);
  const total = count(params);
  if (shape === undefined) return { total, active: total };
  const routed = count(params.filter(({ name }) => /\.experts\.(in|out)$/.test(name)));
  return { total, active: total - routed + (routed * shape.active) / shape.experts };
}

/** The same decoder with one dense feed-forward part as wide as the experts that a token passes through. Unchanged without experts. */
export function denseTwin({ moe, ...options }: DecoderOptions): DecoderOptions {
  if (moe === undefined) return options;
  const { hidden, active, shared = 1 } = moe;
  return { ...options, ffn: (shared + active) * hidden };
}
