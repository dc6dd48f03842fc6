/** Writes docs/environments.md: a row for every built-in env, from the registry and the READMEs of the envs. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AnyParam, AnyPlugin } from "dojang/env";
import { describeSpace } from "../src/cli/describe.ts";
import type { Space } from "../protocol/spaces.ts";
import { addBuiltIns, envInfo, Registry } from "../src/registry/index.ts";

const ENVS = join(import.meta.dirname, "../envs");
const PAGE = join(import.meta.dirname, "../docs/environments.md");

/** Characters of a default that are shown. */
const SHOWN = 32;

const INTRODUCTION = `# The built-in environments

\`dojang envs\` lists them, \`dojang envs ID\` shows one with the range and the sentence of every param. Each has a page of its own with
its rules, its chance and what it is worth to a random and to the best player: follow the name.

This page is written by \`node --conditions=dojang-source scripts/make-environments-page.ts\`; a test compares it with the registry.

- **Time limit**: steps after which an episode is truncated; a client's \`maxSteps\` overrides it. 0: none.
- **Params** go into \`make\`: \`make("FrozenLake-v1", { params: { mapName: "8x8" } })\`. Those in italics are the operator's: set
  by \`--env-param\`, refused to clients ([the command line](cli.md), "Data of your own").
- **Wrappers** change what an agent sees, does or earns: [wrappers.md](wrappers.md). An env of your own:
  [your-first-env.md](your-first-env.md).

## Pictures

Every env here draws itself, as text or as pixels. What Gymnasium calls \`render_mode\` is the param \`renderMode\` of each, \`"text"\`
(its \`ansi\`) by default or \`"rgb"\` (its \`rgb_array\`); it changes nothing else:

\`\`\`ts
const env = await client.make("CartPole-v1", { params: { renderMode: "rgb" } });
await env.reset();
const [picture] = await env.render(); // { width: 480, height: 240, rgb: Uint8Array of 345,600 }
\`\`\`

\`dojang envs CartPole-v1 --png cartpole.png\` and \`dojang replay FILE --png DIR\` write them as files. What a rule keeps from the
agent is not drawn either: the dealer's second card, the means of the arms, the prices of tomorrow.

## All of them
`;

/** The folder of each env, by id. */
async function folders(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const name of readdirSync(ENVS).sort()) {
    const file = join(ENVS, name, "index.ts");
    if (!existsSync(file)) continue;
    const { default: given } = (await import(file)) as { default: AnyPlugin | AnyPlugin[] };
    for (const { id } of [given].flat()) found.set(id, name);
  }
  return found;
}

/** The README of an env; of a suite the section whose heading begins the id. */
function sectionOf(folder: string, id: string): string {
  const text = readFileSync(join(ENVS, folder, "README.md"), "utf8");
  const sections = text.split(/^(?=## )/m).slice(1);
  const name = id.replace(/^.*\//, "").replace(/Continuous/, "");
  return sections.find((section) => name.startsWith((/^## (\w+)/.exec(section)?.[1] ?? "-") + "-")) ?? text;
}

/** What its page says of the reward, in one line. @throws {Error} when it says nothing */
function rewardOf(folder: string, id: string): string {
  const whole = readFileSync(join(ENVS, folder, "README.md"), "utf8");
  for (const text of [sectionOf(folder, id), whole]) {
    const words = /^- \*\*Reward[^*]*\*\*: ([^]*?)(?=\n- |\n\n)/m.exec(text)?.[1] ?? /(?:^|\s)(The reward [^]*?\.)(?=\s)/m.exec(text)?.[1]; // prettier-ignore
    if (words !== undefined) return words.replace(/\s+/g, " ").replaceAll("|", "\\|");
  }
  throw new Error(`envs/${folder}/README.md: expected a line "- **Reward**: ..." for ${id}`);
}

/** A box with one finite range for all its numbers shows it. */
function spaceText(space: Space | undefined): string {
  const bounds = space?.kind === "box" ? [space.low, space.high].map((bound) => new Set([bound].flat())) : [];
  const [low, high] = bounds.map((set) => (set.size === 1 ? [...set][0]! : NaN));
  const range = Number.isFinite(low) && Number.isFinite(high) ? `, ${low}..${high}` : "";
  return `${describeSpace(space)}${range}`;
}

function paramText([name, param]: [string, AnyParam]): string {
  const json = JSON.stringify(param.default);
  const value = json.length > SHOWN ? `${json.slice(0, SHOWN)}...` : json;
  return param.operator === true ? `*${name}*` : `\`${name}\` ${value === '""' ? "none" : value}`;
}

async function row(registry: Registry, id: string, folder: string): Promise<string> {
  const { action, observation, maxSteps = 0 } = await envInfo(registry, id);
  const params = Object.entries(registry.find(id).plugin.params ?? {});
  const cells = [
    `[${id}](../envs/${folder}/README.md)`,
    spaceText(observation),
    spaceText(action),
    String(maxSteps),
    rewardOf(folder, id),
    params
      .filter(([name]) => name !== "renderMode")
      .map(paramText)
      .join(", "),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** The whole page. */
export async function environmentsPage(): Promise<string> {
  const registry = new Registry();
  await addBuiltIns(registry);
  try {
    const rows: string[] = [];
    for (const [id, folder] of await folders()) rows.push(await row(registry, id, folder));
    const head =
      "| env | observation | action | time limit | reward | params and defaults |\n|---|---|---|---|---|---|";
    return `${INTRODUCTION}\n${head}\n${rows.join("\n")}\n`;
  } finally {
    await registry.close();
  }
}

if (import.meta.main) writeFileSync(PAGE, await environmentsPage());
