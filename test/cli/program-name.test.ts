/** Hints name the command the way in which it was called. */
import { expect, it } from "vitest";

import { programName } from "../../src/cli/program-name.ts";

it.each([
  [{ npm_command: "exec" }, "npx dojang"],
  [{ npm_command: "run-script", npm_lifecycle_event: "start" }, "npm run -s dojang --"],
  [{}, "dojang"],
])("with %j it is %s", (variables, name) => {
  expect(programName(variables)).toBe(name);
});
