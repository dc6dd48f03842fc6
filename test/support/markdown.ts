/** Reads the fenced blocks of a document, so that a test can do what it says. */

export interface Block {
  readonly language: string;
  /** The word behind the language: a file to write, or what a command is. */
  readonly name: string;
  readonly code: string;
}

/** Fenced blocks in order: "```ts corridor.ts" has language ts and name corridor.ts. */
export function blocksOf(markdown: string): Block[] {
  const fences = markdown.matchAll(/^```(\w+) ?(\S*)\n([^]*?)^```$/gm);
  return Array.from(fences, ([, language = "", name = "", code = ""]) => ({ language, name, code }));
}
