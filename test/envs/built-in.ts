/** All built-in plugins, and random play of one by hand. */
import { existsSync, readdirSync } from "node:fs";
import { onTestFinished } from "vitest";
import { resolveParams, Rng, type AnyPlugin, type AnyRules, type Transition } from "dojang/env";
import { sample } from "dojang/protocol";

const ENVS = new URL("../../envs/", import.meta.url);
const folders = readdirSync(ENVS).filter((name) => existsSync(new URL(`${name}/index.ts`, ENVS)));

const lists = await Promise.all(
  folders.map(async (name) => {
    const module = (await import(new URL(`${name}/index.ts`, ENVS).href)) as { default: AnyPlugin | AnyPlugin[] };
    return [module.default].flat();
  }),
);

export const builtIns: readonly AnyPlugin[] = lists.flat();

/** For it.each: the id, then the plugin. */
export const byId = builtIns.map((plugin) => [plugin.id, plugin] as const);

export const idsOfBuiltIns: readonly string[] = builtIns.map(({ id }) => id);

/** The rules of a plugin, also of one that builds later, for the length of one test. */
export async function builtRules(plugin: AnyPlugin, params: Readonly<Record<string, unknown>> = {}): Promise<AnyRules> {
  // The params were checked against the plugin's own schema.
  const rules = (await plugin.build(resolveParams(plugin, params) as never, { log: () => undefined })) as AnyRules;
  onTestFinished(async () => {
    await rules.close?.();
  });
  return rules;
}

/** So many steps, or a quarter where each takes a judge's time. */
export const stepsFor = ({ async = false }: AnyRules, steps: number): number => (async ? Math.ceil(steps / 4) : steps);

/** Copies of the states of random play by legal actions; a new episode begins where one ends. */
export async function statesOf(rules: AnyRules, seed: number, steps: number): Promise<unknown[]> {
  const rng = new Rng(seed);
  const context = { signal: new AbortController().signal };
  let state = await rules.reset(rng);
  const states = [structuredClone(state)];
  for (let i = 0; i < steps; i++) {
    const action = sample(rules.action, rng, rules.legal?.(state));
    const { state: after, terminated }: Transition<unknown> = await rules.step(state, action, rng, context);
    states.push(structuredClone(after));
    state = terminated ? await rules.reset(rng) : after;
  }
  return states;
}
