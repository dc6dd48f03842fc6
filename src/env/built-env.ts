/** A plugin after `build`: its rules with the params they were built for. Immutable and shared by every batch that uses it. */
import { GymError } from "../../protocol/errors.ts";
import type { JsonValue } from "../../protocol/frames.ts";
import type { Space } from "../../protocol/spaces.ts";
import type { AnyRules } from "./rules.ts";

export interface BuiltEnv {
  readonly id: string;
  /** Version of the plugin's implementation. */
  readonly version: string;
  /** All params, defaults filled in. */
  readonly params: Readonly<Record<string, JsonValue>>;
  /** The params that clients may see: without those of the operator (paths, addresses, limits). Absent: all. */
  readonly publicParams?: Readonly<Record<string, JsonValue>>;
  readonly rules: AnyRules;
  readonly secret: boolean;
  readonly deterministic: boolean;
}

/** Flags in a row's legal-action mask: one for each action, or for each choice of each component; 0 when the rules have no mask. */
export function maskWidth(rules: AnyRules): number {
  if (!rules.legal) return 0;
  const action: Space = rules.action;
  if (action.kind === "discrete") return action.n;
  if (action.kind === "multiDiscrete") return action.nvec.reduce((sum, n) => sum + n, 0);
  throw new GymError("BAD_PLUGIN", "rules.legal", {
    expected: "a discrete or multiDiscrete action space",
    received: action.kind,
    hint: "Remove `legal` or change the action space.",
  });
}
