/** A training run that kills its own process at a given step: SIGKILL leaves no chance to tidy up. Arguments: folder, call of `step`, agent, further options as JSON. */
import type { Env, StepOptions } from "dojang/client";
import { train, type TrainOptions } from "dojang/agents";
import { local } from "dojang/client/local";
import type { BatchOf, Space } from "dojang/protocol";
import { settingsOf } from "./run-settings.ts";
import { wrapClient, wrapEnv } from "./wrap-env.ts";

const [out = "", at = "", agentId = "", more = "{}"] = process.argv.slice(2);
const client = local();
let calls = 0;

function dieAt(env: Env): Env {
  const step = (actions: BatchOf<Space>, options?: StepOptions) => {
    if (++calls === Number(at)) process.kill(process.pid, "SIGKILL");
    return env.step(actions, options);
  };
  return wrapEnv(env, { step });
}

const deadly = wrapClient(client, async (id, options) => dieAt(await client.make(id, options)));
await train({ client: deadly, agentId, out, ...settingsOf(agentId), ...(JSON.parse(more) as Partial<TrainOptions>) });
