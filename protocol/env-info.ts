/** What the catalogue says of one env. */
import type { JsonValue } from "./frames.ts";
import type { Space } from "./spaces.ts";

/** One line of the catalogue. Spaces are those of the default params; absent where the env cannot be built with them. */
export interface EnvInfo {
  readonly id: string;
  readonly version: string;
  readonly description: string;
  /** Where the plugin came from: "built-in", a package name or a path. */
  readonly source: string;
  /** Parameter schema as JSON. */
  readonly params: Readonly<Record<string, JsonValue>>;
  readonly action?: Space;
  readonly observation?: Space;
  /** Time limit in steps, 0 for none. */
  readonly maxSteps?: number;
}
