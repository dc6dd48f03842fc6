/** The code in what a language model wrote. */
import type { Exercise } from "dojang/verify";

const THOUGHTS_END = "</think>";

/** Fences of each language, as models write them. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  python: ["python", "py", "python3"],
  javascript: ["javascript", "js"],
  typescript: ["typescript", "ts"],
};

/** The last fenced block of the language, else the last one of none, else the whole reply; what was thought before does not count. */
export function codeOf(reply: string, language: string): string {
  const end = reply.lastIndexOf(THOUGHTS_END);
  const said = end < 0 ? reply : reply.slice(end + THOUGHTS_END.length);
  const blocks = fencedBlocks(said);
  const named = blocks.filter(({ name }) => NAMES[language]?.includes(name.toLowerCase()) === true);
  const bare = blocks.filter(({ name }) => name === "");
  return (named.at(-1) ?? bare.at(-1))?.code ?? said;
}

interface Block {
  readonly name: string;
  readonly code: string;
}

/** Line by line, so that the time is linear in the text. An open block at the end was cut off and is no block. */
function fencedBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let open: { name: string; lines: string[] } | undefined;
  for (const line of text.split("\n")) {
    const fence = line.trimStart().startsWith("```");
    if (open === undefined) {
      if (fence) open = { name: line.trim().slice(3).trim(), lines: [] };
    } else if (fence) {
      blocks.push({ name: open.name, code: open.lines.join("\n") });
      open = undefined;
    } else open.lines.push(line);
  }
  return blocks;
}

/**
 * What is judged: the code, behind the head of the task where it needs it. A completion continues the head; a whole function
 * gets only what stands before it there (imports and helpers).
 */
export function sourceOf({ head, entryPoint, language }: Exercise, code: string): string {
  if (head === undefined || entryPoint === undefined) return code;
  const defines = new RegExp(language === "python" ? `^def\\s+${entryPoint}\\b` : `\\b${entryPoint}\\b\\s*[=(]`, "m");
  if (!defines.test(code)) return head + code;
  const begin = head.search(defines);
  return `${begin < 0 ? head : head.slice(0, begin)}\n${code}`;
}
