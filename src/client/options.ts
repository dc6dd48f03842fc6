/** An option under a name that nobody reads would be dropped in silence: one check for the remote client and the one in process. */
import { didYouMean } from "../../protocol/did-you-mean.ts";
import { GymError, type ErrorCode } from "../../protocol/errors.ts";
import { show } from "../../protocol/show.ts";
import type { ResetQueue } from "../../protocol/messages.ts";
import type { ConnectionOptions } from "./connection.ts";
import type { MakeOptions, ResetOptions, StepOptions } from "./env.ts";

/** What to do about a name: the sentence for whoever wrote it. */
type Advice = (name: string, value: unknown, rows: number) => string;

/** The options of one call. */
export interface Options {
  readonly call: string;
  readonly code: ErrorCode;
  readonly names: ReadonlySet<string>;
  /** What other libraries call the same thing, in camel case: the name it has here, or advice. */
  readonly elsewhere: Readonly<Record<string, string | Advice>>;
  /** Values may be secrets, a token under a mistyped name: messages do not show them. */
  readonly silent?: true;
  /** For names that are near to none. */
  readonly advice?: Advice;
}

/** @param names every option: the compiler tells when one is missing */
export function optionsOf<O extends object>(
  call: string,
  names: Record<keyof O, 0>,
  rest: Partial<Options> = {},
): Options {
  return { call, code: "BAD_PARAM", names: new Set(Object.keys(names)), elsewhere: {}, ...rest };
}

export const CONNECT = optionsOf<ConnectionOptions>(
  "connect",
  { token: 0, maxPayload: 0, timeoutMs: 0, reconnectMs: 0, heartbeatMs: 0 },
  { elsewhere: { apiKey: "token" }, silent: true },
);

const toReset: Advice = (name) => `Hand ${name} to reset.`;

const MAKE = optionsOf<MakeOptions>(
  "make",
  { num: 0, seed: 0, autoreset: 0, params: 0, maxSteps: 0, mode: 0, workers: 0, window: 0, recordObservations: 0 },
  {
    elsewhere: {
      ...{ numEnvs: "num", nEnvs: "num", nWorkers: "workers", numWorkers: "workers", autoresetMode: "autoreset" },
      ...{ maxEpisodeSteps: "maxSteps", timeLimit: "maxSteps", envKwargs: "params", kwargs: "params" },
      ...{ seeds: toReset, options: toReset, queue: toReset },
    },
    advice: (name, value) => `A parameter of the env goes into params: ${show({ [name]: value }, 60)}.`,
  },
);

const RESET = optionsOf<ResetOptions>(
  "reset",
  { seeds: 0, options: 0, mask: 0, queue: 0 },
  { code: "BAD_OPTIONS", elsewhere: { resetMask: "mask", seed: adviseSeeds } },
);

const QUEUE = optionsOf<ResetQueue>("reset: queue", { seeds: 0, options: 0 }, { code: "BAD_OPTIONS" });

export const STEP = optionsOf<StepOptions>(
  "step",
  { index: 0, extras: 0 },
  { code: "BAD_OPTIONS", elsewhere: { indices: "index", rows: "index" } },
);

export const SEND: Options = { ...STEP, call: "send" };

/** @param rows instances of the env @throws {GymError} BAD_OPTIONS */
export function checkReset(given: ResetOptions, id: string, rows: number): void {
  checkOptions(RESET, given, id, rows);
  if (given.queue !== undefined) checkOptions(QUEUE, given.queue, id);
}

const MODES: readonly unknown[] = ["lockstep", "first-ready"] satisfies MakeOptions["mode"][];

/** @throws {GymError} BAD_PARAM */
export function checkMake(given: MakeOptions, id: string): void {
  checkOptions(MAKE, given, id);
  const { mode } = given;
  if (mode !== undefined && !MODES.includes(mode))
    throw new GymError("BAD_PARAM", `${id}: make: mode`, { expected: MODES.join(", "), received: mode });
}

/** @param id the env, where there is one @throws {GymError} naming the first option that is none */
export function checkOptions(of: Options, given: unknown, id?: string, rows = 1): void {
  if (typeof given !== "object" || given === null || Array.isArray(given) || ArrayBuffer.isView(given))
    throw new GymError(of.code, where(of, id), { expected: `an object of ${list(of)}`, received: given });
  for (const name in given) if (!of.names.has(name)) refuse(of, name, Reflect.get(given, name), where(of, id), rows);
}

function refuse(of: Options, name: string, value: unknown, at: string, rows: number): never {
  const hint = hintFor(of, camelCase(name), value, rows);
  const received = of.silent ? name : { [name]: value };
  throw new GymError(of.code, at, { expected: `only ${list(of)}`, received, ...(hint !== undefined && { hint }) });
}

function hintFor(of: Options, name: string, value: unknown, rows: number): string | undefined {
  const known = Object.hasOwn(of.elsewhere, name) ? of.elsewhere[name] : didYouMean(name, of.names);
  if (typeof known === "function") return known(name, value, rows);
  if (known === undefined) return of.advice?.(name, value, rows);
  const shown = of.silent || typeof value === "object" ? "" : `: ${show(value, 40)}`;
  return `Did you mean ${known}${shown}?`;
}

/** Gymnasium's seed of a reset makes all that follows repeatable; here that is the seed of make. */
function adviseSeeds(_: string, value: unknown, rows: number): string {
  if (typeof value !== "number") return "Did you mean seeds, a list with one for each row?";
  const seeds = rows === 1 ? `seeds: [${value}]` : `seeds: [${value}, ${value + 1}, ...], one for each of ${rows} rows`;
  return `Did you mean ${seeds}? They seed these episodes; for all later ones too, make the env with seed: ${value}.`;
}

const camelCase = (name: string): string => name.replace(/_+([a-z])/g, (_, letter: string) => letter.toUpperCase());
const list = (of: Options): string => [...of.names].join(", ");
const where = (of: Options, id: string | undefined): string => (id === undefined ? of.call : `${id}: ${of.call}`);
