/** MemoryChain: recall at the end of a corridor what was shown at its start. Source: memory_len of bsuite (Osband et al., 2020). */
import { box, defineEnv, discrete, int, rules, type RgbFrame } from "dojang/env";
import { renderIn, renderMode } from "../shared/render-mode.ts";
import { memoryChainPixels } from "./pixels.ts";

interface MemoryState {
  /** What the first observation shows: 0 or 1 each. */
  readonly context: readonly number[];
  /** Which of them is asked for. */
  readonly query: number;
  /** Steps taken. */
  time: number;
}

export default defineEnv({
  id: "MemoryChain-v0",
  version: "1",
  description: "Recall at the end of a corridor the bit that was shown at its start.",
  params: {
    length: int(10, { min: 1, max: 10_000, doc: "Steps between what is shown and the answer, which is a step too." }),
    bits: int(1, { min: 1, max: 64, doc: "Bits shown; one of them is asked for at the end." }),
    renderMode,
  },
  build({ length, bits, renderMode }) {
    /** The question is put in the observation before the last step. */
    const isAsked = ({ time }: MemoryState): boolean => time >= length;
    const words = (state: MemoryState): string => {
      const shown = state.time === 0 ? `shown ${state.context.join("")}` : "nothing shown";
      return `step ${state.time} of ${length}, ${shown}${isAsked(state) ? `, bit ${state.query} is asked for` : ""}`;
    };
    const pixels = (state: MemoryState): RgbFrame =>
      memoryChainPixels({
        time: state.time,
        length,
        bits,
        ...(state.time === 0 && { shown: state.context }),
        ...(isAsked(state) && { asked: state.query }),
      });
    return rules({
      action: discrete(2), // the bit; ignored before the last step
      // The share of time that is left, the index of the bit that is asked for, then the bits as -1 or 1.
      observation: box(
        [bits + 2],
        [0, 0, ...new Array<number>(bits).fill(-1)],
        [1, bits, ...new Array<number>(bits).fill(1)],
      ),
      maxSteps: length + 1,
      reset(rng): MemoryState {
        const context = Array.from({ length: bits }, () => rng.int(2));
        return { context, query: rng.int(bits), time: 0 };
      },
      step(state, action) {
        const terminated = isAsked(state);
        const reward = terminated ? (action === state.context[state.query] ? 1 : -1) : 0;
        state.time++;
        return { state, reward, terminated };
      },
      observe(state, out) {
        out[0] = Math.max(0, 1 - state.time / length);
        // 0 is no question, so bits are counted from 1.
        if (isAsked(state)) out[1] = state.query + 1;
        if (state.time === 0) state.context.forEach((bit, i) => (out[2 + i] = 2 * bit - 1));
      },
      render: renderIn(renderMode, { text: words, rgb: pixels }),
    });
  },
});
