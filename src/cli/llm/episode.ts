/** One episode between an env and an endpoint, and what is kept of it: a line of answers.jsonl. */
import type { Endpoint, Message, Reply } from "./endpoint.ts";
import { askPatiently, type Patience } from "./patience.ts";
import type { Rows, Start, Stepped } from "./rows.ts";

/** Which problem, and which answer to it. */
export interface Place {
  readonly problem: number;
  readonly sample: number;
}

export interface Episode extends Place {
  readonly seed: number;
  /** All that was said, in order. */
  readonly messages: readonly Message[];
  /** Was it judged right: the reward's part "accuracy" above 0 in some step, or the reward where there is no such part? */
  readonly right: boolean;
  /** Undiscounted sums over the episode. */
  readonly return: number;
  readonly parts: Readonly<Record<string, number>>;
  /** Replies. */
  readonly turns: number;
  /** Was it cut, by the env's time limit or by this program's? */
  readonly truncated: boolean;
  /** Why the last reply ended, as the endpoint says. */
  readonly finish: string;
  readonly requests: number;
  /** Sums over the replies; absent where the endpoint does not tell. */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Milliseconds of each reply, and to its first piece where it came as a stream. */
  readonly ms: readonly number[];
  readonly firstMs?: readonly number[];
}

export interface Playing {
  readonly rows: Rows;
  readonly endpoint: Endpoint;
  readonly patience: Patience;
  readonly system: string | undefined;
  /** Replies after which an episode is cut. */
  readonly maxTurns: number;
  /** Characters of the longest action. */
  readonly maxLength: number;
  start(problem: number): Start;
  /** What the endpoint draws with. */
  seedOf(place: Place, turn: number): number;
}

/** @throws {Failure} @throws {RowFault} when this episode cannot be played to its end */
export async function playEpisode(playing: Playing, row: number, place: Place): Promise<Episode> {
  const { rows, endpoint, patience, system, maxTurns, maxLength } = playing;
  const start = playing.start(place.problem);
  const first = await rows.reset(row, start);
  const messages: Message[] = [...(system === undefined ? [] : [{ role: "system", content: system } as const]), { role: "user", content: first }]; // prettier-ignore
  const replies: (Reply & { requests: number })[] = [];
  const steps: Stepped[] = [];
  for (let turn = 0; ; turn++) {
    const reply = await askPatiently(endpoint, [...messages], playing.seedOf(place, turn), patience);
    replies.push(reply);
    messages.push({ role: "assistant", content: reply.text });
    // What is beyond the env's longest action cannot be sent.
    const step = await rows.step(row, reply.text.slice(0, maxLength));
    steps.push(step);
    if (step.terminated || step.truncated || turn + 1 >= maxTurns) break;
    messages.push({ role: "user", content: step.observation });
  }
  const truncated = steps.at(-1)?.terminated !== true;
  return {
    ...place,
    seed: start.seed,
    messages,
    ...scoreOf(steps),
    turns: steps.length,
    truncated,
    ...costOf(replies),
  };
}

function scoreOf(steps: readonly Stepped[]): Pick<Episode, "right" | "return" | "parts"> {
  const parts: Record<string, number> = {};
  for (const step of steps)
    for (const [name, value] of Object.entries(step.parts)) parts[name] = (parts[name] ?? 0) + value;
  return {
    right: steps.some(({ reward, parts: own }) => (own["accuracy"] ?? reward) > 0),
    return: steps.reduce((sum, { reward }) => sum + reward, 0),
    parts,
  };
}

function costOf(replies: readonly (Reply & { requests: number })[]) {
  const sum = (values: readonly (number | undefined)[]): number | undefined =>
    values.reduce<number | undefined>((total, value) => (total === undefined || value === undefined ? undefined : total + value), 0); // prettier-ignore
  const [inputTokens, outputTokens] = [sum(replies.map((one) => one.inputTokens)), sum(replies.map((one) => one.outputTokens))]; // prettier-ignore
  const firstMs = replies.flatMap((one) => one.firstMs ?? []);
  return {
    finish: replies.at(-1)?.finish ?? "",
    requests: replies.reduce((total, { requests }) => total + requests, 0),
    ...(inputTokens !== undefined && { inputTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    ms: replies.map(({ ms }) => Math.round(ms)),
    ...(firstMs.length > 0 && { firstMs: firstMs.map(Math.round) }),
  };
}
