/** How this very command was called, for hints that people copy: through npx, through npm in the repository, or by its name. */

export function programName(variables: Readonly<Record<string, string | undefined>> = process.env): string {
  if (variables["npm_command"] === "exec") return "npx dojang";
  const fromSource = import.meta.url.endsWith(".ts");
  return fromSource && variables["npm_lifecycle_event"] !== undefined ? "npm run -s dojang --" : "dojang";
}
