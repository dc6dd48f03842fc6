/** An async env whose steps end when the test says so. */
import { defineEnv, discrete, rules, type AnyPlugin } from "../../src/env/index.ts";

export interface Gate {
  readonly plugin: AnyPlugin;
  /** Lets every step that waits, and all later ones, go on. */
  open(): void;
}

/** `gated-v0`: the observation counts the steps; action 1 waits for the gate, action 0 does not. */
export function gated(): Gate {
  const gate = Promise.withResolvers<undefined>();
  const plugin = defineEnv({
    id: "gated-v0",
    params: {},
    build: () =>
      rules({
        async: true,
        action: discrete(2),
        observation: discrete(1000),
        reset: () => 0,
        async step(n: number, action) {
          if (action === 1) await gate.promise;
          return { state: n + 1, reward: 1, terminated: false };
        },
        observe: (n) => n,
      }),
  });
  return { plugin, open: () => { gate.resolve(undefined); } }; // prettier-ignore
}

/** `gated-reset-v0`: each reset waits for the gate; the observation counts the steps. `begun` settles when one waits. */
export function gatedReset(): Gate & { readonly begun: Promise<undefined> } {
  const [gate, begun] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const plugin = defineEnv({
    id: "gated-reset-v0",
    params: {},
    build: () =>
      rules({
        async: true,
        action: discrete(2),
        observation: discrete(1000),
        async reset() {
          begun.resolve(undefined);
          await gate.promise;
          return 0;
        },
        step: (n: number) => Promise.resolve({ state: n + 1, reward: 1, terminated: false }),
        observe: (n) => n,
      }),
  });
  return { plugin, begun: begun.promise, open: () => { gate.resolve(undefined); } }; // prettier-ignore
}

/** A column of int32 values. */
export const int32 = (...values: number[]): Uint8Array => new Uint8Array(Int32Array.from(values).buffer);
/** The values of a column of int32. */
export const numbers = (column: Uint8Array | undefined): number[] => [
  ...new Int32Array((column ?? new Uint8Array()).slice().buffer),
];
/** Row numbers as they travel. */
export const rowNumbers = (...values: number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);
