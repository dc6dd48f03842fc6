/** What episodes are reset with, dealt out in turn: so every game of an env that is several has its share of the steps. */
import type { JsonValue } from "dojang/protocol";
import type { NextEpisode } from "../streams/stepper.ts";

/** Instance i begins each of its episodes with entry i, counted round and round. */
export const byInstance = (
  resets: readonly JsonValue[] | undefined,
): { readonly next?: (env: number) => NextEpisode } =>
  resets === undefined ? {} : { next: (env) => optionsAt(resets, env) };

/** The options of turn k; `resets` is not empty. */
export const optionsAt = (resets: readonly JsonValue[], k: number): { readonly options: JsonValue } => ({
  options: resets[k % resets.length] as JsonValue,
});
