/** All built-in plugins, and random play of one by hand. */
import { existsSync, readdirSync } from "node:fs";
import { Rng, type AnyPlugin, type AnyRules } from "dojang/env";
import { sample } from "dojang/protocol";
import { stepOf } from "./support.ts";

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

/** Copies of the states of random play by legal actions; a new episode begins where one ends. */
export function statesOf(rules: AnyRules, seed: number, steps: number): unknown[] {
  const rng = new Rng(seed);
  let state = rules.reset(rng);
  const states = [structuredClone(state)];
  for (let i = 0; i < steps; i++) {
    const { state: after, terminated } = stepOf(rules, state, sample(rules.action, rng, rules.legal?.(state)), rng);
    states.push(structuredClone(after));
    state = terminated ? rules.reset(rng) : after;
  }
  return states;
}
