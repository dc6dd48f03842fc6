/** Command lines that people paste: words quoted where a shell would cut them, and the flags that a further call needs again. */
import type { Given, OptionName } from "./options.ts";
import { programName } from "./program-name.ts";
import { flagName } from "./settings.ts";

/** `dojang WORDS`, as a shell takes it. */
export const pasted = (...words: readonly string[]): string => [programName(), ...words.map(quoted)].join(" ");

/** Double quotes where they do, for every shell knows them; single ones around what they would not keep as it is. */
function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return /["$`\\!]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : `"${word}"`;
}

/** What tells a command where its envs are. */
export const PLACE = ["server", "tokenFile", "plugin", "envParam", "data"] as const;

/** The same options as words of another call: `--plugin ./a.ts --stream`. */
export function flagsOf(options: Given, names: readonly OptionName[]): string[] {
  return names.flatMap((name) => {
    const value = options[name];
    if (value === undefined || value === false) return [];
    if (value === true) return [flagName(name)];
    return [value].flat().flatMap((item) => [flagName(name), String(item)]);
  });
}
