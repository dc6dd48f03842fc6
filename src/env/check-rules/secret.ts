/** A probe of what envs with hidden answers let an agent see. */
import type { Moment, Probe } from "./probe.ts";
import { Broken } from "./rule.ts";

/** Names under which a state is taken to hold an answer. */
const ANSWER = /gold|answer|solution|expected|secret/i;

/** Unnamed strings shorter than this turn up anywhere by chance. */
const MIN_LENGTH = 6;

const secretsStayHidden: Probe = {
  name: "secretsStayHidden",
  atState(moment) {
    if (!moment.secret) return;
    const { observed, shown, actions } = moment;
    const known = [...observed, shown.observation, ...actions].map(textOf).join("\n");
    for (const { path, text } of hiddenLeaves(moment.state)) {
      if (holds(known, text)) continue;
      for (const place of ["info", "picture"] as const)
        if (holds(textOf(moment.shown[place]), text)) throw leak(moment, path, place === "picture" ? "render" : place);
    }
  },
};

// The message must not repeat what leaked: reports are shown to strangers too.
const leak = ({ where }: Moment, path: string, hook: string): Broken =>
  new Broken(`${where}: ${hook} shows ${path} of a secret env`, "Leave answers out of info and render.");

/** Leaves that look like answers: anything under a telling name, and longer strings that the agent has not seen. */
function* hiddenLeaves(value: unknown): Generator<Leaf> {
  for (const leaf of leavesOf(value)) {
    const named = ANSWER.test(leaf.path);
    if (named || (leaf.isString && leaf.text.length >= MIN_LENGTH)) yield leaf;
  }
}

interface Leaf {
  readonly path: string;
  readonly text: string;
  readonly isString: boolean;
}

/** Strings and numbers in plain data, at most eight levels down; arrays of pixels and the like are no text. */
function* leavesOf(value: unknown, path = "state", depth = 8): Generator<Leaf> {
  if (typeof value === "string" || typeof value === "number") {
    if (value !== "") yield { path, text: String(value), isString: typeof value === "string" };
  } else if (typeof value === "object" && value !== null && depth > 0 && !ArrayBuffer.isView(value)) {
    for (const [name, part] of Object.entries(value)) yield* leavesOf(part, `${path}.${name}`, depth - 1);
  }
}

const textOf = (value: unknown): string => Array.from(leavesOf(value), ({ text }) => text).join("\n");

/** Is `text` in there as a word of its own? */
function holds(whole: string, text: string): boolean {
  const wordy = /[\p{L}\p{N}_]/u;
  for (let i = whole.indexOf(text); i !== -1; i = whole.indexOf(text, i + 1)) {
    if (!wordy.test(whole[i - 1] ?? " ") && !wordy.test(whole[i + text.length] ?? " ")) return true;
  }
  return false;
}

export const SECRET_PROBES: readonly Probe[] = [secretsStayHidden];
