/** Answers of an evaluation to be read by people: `samples.md`. */
import type { Episode } from "./episode.ts";

/** Problems shown in samples.md. */
const SHOWN = 16;

/** The first problems with their answers, to be read. */
export function samplesOf(title: string, episodes: readonly Episode[]): string {
  const inOrder = [...episodes].sort((a, b) => a.problem - b.problem || a.sample - b.sample);
  const problems = [...Map.groupBy(inOrder, ({ problem }) => problem).entries()].slice(0, SHOWN);
  const blocks = problems.flatMap(([problem, answers]) => [
    `## Problem ${problem}`,
    ...answers.flatMap(({ sample, right, return: total, messages }) => [
      `### Sample ${sample}: ${right ? "right" : "wrong"}, return ${total}`,
      ...messages.map(({ role, content }) => `**${role}**\n\n${fenced(content)}`),
    ]),
  ]);
  return `${[`# ${title}`, ...blocks].join("\n\n")}\n`;
}

/** A fence that is longer than any within. */
function fenced(content: string): string {
  const longest = Math.max(2, ...Array.from(content.matchAll(/`+/g), ([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${content}\n${fence}`;
}
