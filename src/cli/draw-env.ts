/** `dojang envs ENV --png FILE`: a picture of an env after some steps of random play. */
import { GymError } from "../../protocol/errors.ts";
import { sampleBatch } from "../../protocol/space-values.ts";
import type { JsonValue } from "../../protocol/frames.ts";
import { local } from "../client/local/index.ts";
import { Rng } from "../env/rng.ts";
import type { Registry } from "../registry/index.ts";
import { inPixels, writePng } from "./png.ts";

export interface DrawOptions {
  readonly png: string;
  readonly params: Readonly<Record<string, JsonValue>>;
  /** Of the episode and of the actions. */
  readonly seed: number;
  /** Legal actions taken before the picture; fewer where the episode ends. */
  readonly steps: number;
}

/** @returns how many steps were taken @throws {GymError} BAD_PARAM for an env that draws text, UNSUPPORTED for one that draws nothing; what the plugin throws */
export async function drawEnv(registry: Registry, id: string, options: DrawOptions): Promise<number> {
  const client = local({ registry });
  try {
    const params = inPixels(registry.find(id).plugin, options.params);
    const env = await client.make(id, { params, seed: options.seed, autoreset: "disabled" });
    const rng = new Rng(options.seed);
    let frame = await env.reset({ seeds: [options.seed] });
    let steps = 0;
    while (steps < options.steps && frame.terminated[0] !== 1 && frame.truncated[0] !== 1) {
      frame = await env.step(sampleBatch(env.spaces.action, 1, rng, frame.mask));
      const [fault] = frame.errors ?? [];
      if (fault !== undefined) throw new GymError(fault.code, fault.message);
      steps++;
    }
    const [picture] = await env.render();
    writePng(options.png, id, picture);
    return steps;
  } finally {
    await client.close();
  }
}
