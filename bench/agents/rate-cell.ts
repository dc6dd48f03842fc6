/** Frames a second of a training in the settings that earn its score, and the share of the machine's matmul rate that this is. */
import { train, type Progress } from "dojang/agents";
import { local } from "dojang/client/local";
import type { JsonValue } from "dojang/protocol";
import type { Cell } from "./cells.ts";
import { sinceStart } from "./first-time.ts";
import { flopsOfRow, netsOf, type Net } from "./nets-of.ts";
import { matmulRate } from "./matmul-rate.ts";

/** 8x8 places of a 3x3 filter on the 10x10 grid of MinAtar. */
const POSITIONS = 64;
/** A look and its gradient: forward, by the inputs, by the weights. */
const LEARN = 3;

interface Mark {
  readonly step: number;
  readonly cpuSeconds: number;
  readonly seconds: number;
}

/** The first half of the steps warms up: compilation is not what is asked here. */
export async function rateCell(cell: Cell): Promise<Readonly<Record<string, JsonValue>>> {
  const { agent, env, seed, steps = 81_920, num, config } = cell;
  const before = matmulRate();
  const marks: Mark[] = [];
  const onProgress = ({ step }: Progress): void => {
    if (step < steps / 2) marks.length = 0;
    marks.push({ step, ...sinceStart() });
  };
  const client = local();
  const { learner, settings } = await train({
    ...{ client, agentId: agent, envId: env, seed, steps, num, config, onProgress },
  }).finally(() => client.close());
  const [from, to] = [marks[0], marks.at(-1)];
  if (from === undefined || to === undefined || to.step <= from.step)
    throw new Error(`${cell.key}: expected more than ${steps} steps, for no time passed between two reports`);
  const frames = to.step - from.step;
  const wall = to.seconds - from.seconds;
  const cpu = to.cpuSeconds - from.cpuSeconds;
  const [net] = netsOf(learner.save());
  if (net === undefined) throw new Error(`${cell.key}: expected an agent with a net`);
  const flops = flopsOfFrame(net, settings.config);
  const rate = Math.max(before, matmulRate());
  return {
    ...{ framesPerSecond: frames / wall, framesPerCpuSecond: frames / cpu },
    ...{ matmulShare: (flops * frames) / cpu / rate, matmulGflopsPerSecond: rate / 1e9, flopsOfFrame: flops },
    ...{ frames, seconds: wall, cpuSeconds: cpu, steps, num: settings.num, config: settings.config },
  };
}

/** Work of the nets for one env step: a look to act, and the learning that an env step pays for. */
function flopsOfFrame(net: Net, config: Readonly<Record<string, JsonValue>>): number {
  const row = flopsOfRow(net, POSITIONS);
  const { epochs, batch, every, updates = 1, double } = config;
  if (typeof epochs === "number") return row * (1 + LEARN * epochs);
  if (typeof batch !== "number" || typeof every !== "number" || typeof updates !== "number")
    throw new Error("throughput: expected an agent with epochs, or with replay");
  // The successors are looked at by the target net, and where two nets share the choice by the one that learns as well.
  return row * (1 + ((LEARN + (double === true ? 2 : 1)) * batch * updates) / every);
}
