/** episodeStatistics: return and length of the episode so far, in info. */
import { box, dict, discrete } from "../../../protocol/make-space.ts";
import type { Box, Dict, Discrete, Space } from "../../../protocol/spaces.ts";
import type { Rules } from "../rules.ts";
import { carry, erased, moved, stepThen, type Carried } from "./plumbing.ts";

/** The undiscounted sum of rewards, and the number of steps. */
export interface EpisodeSum {
  readonly return: number;
  readonly length: number;
}

type EpisodeSpace = Dict<{ readonly return: Box<"float64">; readonly length: Discrete }>;

/** Info with `episode` added: beside the fields of a dict, else with the other info as `info`. */
export type WithEpisode<I> = [I] extends [never]
  ? Dict<{ readonly episode: EpisodeSpace }>
  : I extends Dict<infer F>
    ? Dict<F & { readonly episode: EpisodeSpace }>
    : I extends Space
      ? Dict<{ readonly info: I; readonly episode: EpisodeSpace }>
      : never;

/** Info gets `episode: {return, length}`; both count from 0 at the reset, as seen from here: put it inside other wrappers for the raw rewards, outside for
 *  theirs. @throws {RangeError} where info has a field `episode` already */
export function episodeStatistics<S, A extends Space, O extends Space, I extends Space>(
  rules: Rules<S, A, O, I>,
): Rules<Carried<S, EpisodeSum>, A, O, WithEpisode<I>> {
  const inner = erased(rules);
  const { infoSpace } = inner;
  const fields = infoSpace?.kind === "dict" ? infoSpace.fields : infoSpace === undefined ? {} : { info: infoSpace };
  if ("episode" in fields) throw new RangeError("episodeStatistics: info: expected no field episode, as it is added");
  const episode: EpisodeSpace = dict({ return: box([], -Infinity, Infinity, "float64"), length: discrete(2 ** 31) });
  const others = (state: unknown): object => {
    const info = inner.info?.(state);
    return infoSpace?.kind === "dict" ? (info as object) : infoSpace === undefined ? {} : { info };
  };
  return carry<EpisodeSum>(inner, {
    begin: () => ({ return: 0, length: 0 }),
    step: ({ inner: state, own }, ...rest) =>
      stepThen(inner, [state, ...rest], (t) =>
        moved(t, { inner: t.state, own: { return: own.return + t.reward, length: own.length + 1 } }),
      ),
    changes: (held) => ({
      infoSpace: dict({ ...fields, episode }),
      info(state) {
        const { own, inner: within } = held(state);
        return { ...others(within), episode: { return: Float64Array.of(own.return), length: own.length } };
      },
    }),
  }) as never; // of the type above
}
