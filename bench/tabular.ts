/** Scores of the tabular agents against the targets of the project. Prints rows for bench/RESULTS.md; exits 1 when a target is missed. */
import { parseArgs } from "node:util";
import { evaluate, findAgent, preset, rollout, train, episodeReturns } from "dojang/agents";
import { local } from "dojang/client/local";
import { firstValueFrom, lastValueFrom, map, take, toArray } from "rxjs";

const { values } = parseArgs({
  options: { seeds: { type: "string", default: "5" }, episodes: { type: "string", default: "10000" } },
});
const seeds = Number(values.seeds);
const episodes = Number(values.episodes);
const client = local();
let missed = 0;

/** Trains with the preset, then plays greedily: mean return of each seed. */
async function scores(agentId: string, envId: string): Promise<{ means: number[]; seconds: number }> {
  const means: number[] = [];
  let seconds = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const result = await train({ client, agentId, envId, seed });
    seconds += result.seconds;
    const env = await client.make(envId, { num: 64, seed: 1_000 + seed, autoreset: "disabled" });
    means.push((await evaluate(env, result.learner.policy, { episodes })).mean);
    await env.close();
  }
  return { means, seconds: seconds / seeds };
}

async function row(agentId: string, envId: string, target?: number): Promise<void> {
  const { means, seconds } = await scores(agentId, envId);
  const worst = Math.min(...means);
  const mean = means.reduce((sum, one) => sum + one, 0) / means.length;
  const steps = (preset(agentId, envId)?.steps ?? 0).toLocaleString("en-US");
  const met = target === undefined ? "-" : worst >= target ? `>= ${target}: met` : `>= ${target}: MISSED`;
  if (met.endsWith("MISSED")) missed++;
  console.log(
    `| ${agentId} | ${envId} | ${steps} | ${seconds.toFixed(2)} s | ${worst.toFixed(4)} | ${mean.toFixed(4)} | ${met} |`,
  );
}

/** Return of each of the first 500 episodes while learning with epsilon 0.1. */
async function online(agentId: string, seed: number): Promise<number[]> {
  const env = await client.make("CliffWalking-v1", { num: 1, seed });
  const learner = findAgent(agentId).create(env.spaces, preset(agentId, "CliffWalking-v1")?.config, { seed });
  const stream = rollout(env, learner.act);
  const learning = stream.pipe(learner.learn).subscribe();
  const returns = await firstValueFrom(
    stream.pipe(
      episodeReturns(),
      map((end) => end.return),
      take(500),
      toArray(),
    ),
  );
  learning.unsubscribe();
  await env.close();
  return returns;
}

async function cliff(agentId: string, target?: string, met: (mean: number) => boolean = () => true): Promise<void> {
  const last: number[] = [];
  for (let seed = 0; seed < 30; seed++) last.push(...(await online(agentId, seed)).slice(400));
  const mean = last.reduce((sum, one) => sum + one, 0) / last.length;
  if (!met(mean)) missed++;
  console.log(
    `| ${agentId} | CliffWalking-v1, online, epsilon 0.1, 30 seeds, episodes 401-500 | ${mean.toFixed(2)} | ${target === undefined ? "-" : `${target}: ${met(mean) ? "met" : "MISSED"}`} |`,
  );
}

/** Env steps a second of Q-learning in process. */
async function speed(num: number): Promise<void> {
  const steps = 1_000_000;
  const env = await client.make("FrozenLake-v1", { num, seed: 1, autoreset: "same-step" });
  const learner = findAgent("q-learning").create(env.spaces, {}, { seed: 1 });
  const began = performance.now();
  await lastValueFrom(rollout(env, learner.act, { steps }).pipe(learner.learn));
  const rate = (1_000 * steps) / (performance.now() - began);
  console.log(`| q-learning, FrozenLake-v1, N = ${num} | ${Math.round(rate).toLocaleString("en-US")} steps/s |`);
  await env.close();
}

console.log(`Greedy evaluation, ${episodes} episodes, ${seeds} seeds; training as in agents/presets.ts\n`);
console.log("| agent | env | steps | training | worst seed | mean | target |\n|---|---|---|---|---|---|---|");
await row("q-learning", "FrozenLake-v1", 0.72);
await row("q-learning", "FrozenLake8x8-v1");
await row("q-learning", "Taxi-v4", 7.6);
await row("q-learning", "Blackjack-v1");
for (const id of ["double-q-learning", "expected-sarsa", "sarsa"]) {
  await row(id, "FrozenLake-v1");
  await row(id, "Taxi-v4");
}
console.log("\n| agent | env | mean return | target |\n|---|---|---|---|");
await cliff("sarsa", ">= -30", (mean) => mean >= -30);
await cliff("expected-sarsa", ">= -30", (mean) => mean >= -30);
await cliff("sarsa-lambda");
await cliff("q-learning", "<= -40", (mean) => mean <= -40);
console.log("\n| in process | speed |\n|---|---|");
for (const num of [1, 8, 64, 256]) await speed(num);
await client.close();
process.exitCode = missed > 0 ? 1 : 0;
