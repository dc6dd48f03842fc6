/** A thousand cut connections: what the server recorded must be what it records when nobody cuts, step by step. */
import { createHash, type Hash } from "node:crypto";
import { glob, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Frame } from "../../protocol/frames.ts";
import { sampleBatch } from "../../protocol/space-values.ts";
import type { Env } from "../../src/client/env.ts";
import { connect } from "../../src/client/index.ts";
import { Rng } from "../../src/env/rng.ts";
import { contentDigest, openRecording } from "../../src/recording/index.ts";
import { CuttingProxy } from "./cutting-proxy.ts";
import { startPeer } from "./processes.ts";
import type { ServerAnswers } from "./server-process.ts";

export interface CutsOptions {
  readonly cuts: number;
  readonly seed: number;
}

export interface CutsFigures {
  readonly cuts: number;
  /** Of these, cuts inside a frame, and cuts of what the client sent. */
  readonly inside: number;
  readonly upwards: number;
  /** Step requests of the run. */
  readonly requests: number;
  /** Transitions in the recording. */
  readonly steps: number;
  /** The recording is that of the undisturbed run. */
  readonly digestEqual: boolean;
  /** So is all that the agent saw. */
  readonly seenEqual: boolean;
}

const ENV = "Taxi-v4";
const ROWS = 6;
const WINDOW = 4;
/** Rows of the requests that step a subset. */
const SOME = Uint32Array.of(1, 4);

export async function checkCuts({ cuts, seed }: CutsOptions): Promise<CutsFigures> {
  let counted = { cuts: 0, inside: 0, upwards: 0 };
  const disturbed = await recorded(async (url) => {
    await using proxy = await CuttingProxy.start(url, { seed, cuts, within: 4_000 });
    const played = await play(proxy.url, seed, () => proxy.cuts < cuts);
    counted = { cuts: proxy.cuts, inside: proxy.inside, upwards: proxy.upwards };
    return played;
  });
  const calm = await recorded((url) => play(url, seed, (requests) => requests < disturbed.requests));
  return {
    ...counted,
    requests: disturbed.requests,
    steps: disturbed.steps,
    digestEqual: disturbed.digest === calm.digest && disturbed.steps === calm.steps && disturbed.steps > 0,
    seenEqual: disturbed.seen === calm.seen,
  };
}

interface Played {
  readonly requests: number;
  /** Digest of every frame that the agent got. */
  readonly seen: string;
}

/** Plays on a server of its own and reads its recording. */
async function recorded(
  run: (url: string) => Promise<Played>,
): Promise<Played & { readonly digest: string; readonly steps: number }> {
  const folder = await mkdtemp(join(tmpdir(), "dojang-cuts-"));
  try {
    await using server = await startPeer<ServerAnswers>(new URL("./server-process.ts", import.meta.url));
    const played = await run(await server.ask("start", { record: folder }));
    await server.ask("stop");
    const paths: string[] = [];
    for await (const path of glob(join(folder, "*.mcap"))) paths.push(path);
    const recording = await openRecording(paths);
    const digest = await contentDigest(recording);
    if (!recording.report.complete) throw new Error(`the recording has holes: ${JSON.stringify(recording.report)}`);
    return { ...played, digest, steps: recording.report.steps };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Rounds of 50 requests with up to `WINDOW` under way, all rows or some, and then a reset of two; as long as `goOn` says. */
async function play(url: string, seed: number, goOn: (requests: number) => boolean): Promise<Played> {
  const client = connect(url);
  const seen = createHash("sha256");
  const draws = new Rng(seed + 1);
  const env = await client.make(ENV, { num: ROWS, seed, window: WINDOW, maxSteps: 30 });
  add(seen, await env.reset());
  let requests = 0;
  for (; goOn(requests); requests += 50) {
    for await (const frame of steps(env, draws, 50)) add(seen, frame);
    add(seen, await env.reset({ mask: Uint8Array.of(0, 0, 1, 0, 0, 1) }));
  }
  await env.close();
  await client.close();
  return { requests, seen: seen.digest("hex") };
}

async function* steps(env: Env, draws: Rng, count: number): AsyncGenerator<Frame> {
  const underWay: Promise<Frame>[] = [];
  for (let i = 0; i < count; i++) {
    if (underWay.length === WINDOW) yield await (underWay.shift() as Promise<Frame>);
    const index = i % 5 === 4 ? SOME : undefined;
    const actions = sampleBatch(env.spaces.action, index?.length ?? ROWS, draws);
    underWay.push(env.step(actions, index ? { index } : {}));
  }
  for (const frame of underWay) yield await frame;
}

/** Everything but the times. */
function add(seen: Hash, { timing, ...frame }: Frame): void {
  void timing;
  seen.update(JSON.stringify(frame, (_, value: unknown) => (ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value))); // prettier-ignore
}
