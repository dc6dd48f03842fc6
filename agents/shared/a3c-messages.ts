/** What the processes of asynchronous training tell each other: plain data over Node's own channel, as structured clones. */
import type { ErrorCode, JsonValue, RowError } from "dojang/protocol";
import type { Slope } from "../nets/model.ts";
import type { Versioned } from "./a3c-shared.ts";
import type { Plain } from "./plain.ts";

/** Where actors find the env; each makes its own. */
export interface ActorHome {
  /** Address of a server. Absent: the env is made in the actor's process. */
  readonly server?: string | undefined;
  readonly token?: string | undefined;
  /** In process: paths or names of plugins beside the built-in ones. */
  readonly plugins?: readonly string[] | undefined;
}

/** The first message to an actor. Later ones are `Versioned`. */
export interface ActorStart extends Versioned {
  readonly agent: string;
  readonly env: string;
  /** of the env that the learner knows: another one would be another game */
  readonly envVersion: string;
  readonly num: number;
  readonly seed: number;
  readonly maxSteps?: number;
  readonly config: Readonly<Record<string, JsonValue>>;
  readonly params: Readonly<Record<string, JsonValue>>;
  readonly home: ActorHome;
}

/** A gradient, and the transitions it was computed from. */
export interface Push {
  readonly kind: "push";
  /** of the weights it was computed at */
  readonly version: number;
  readonly slope: Slope;
  /** of a batch of transitions; instances are counted from the actor's first one */
  readonly columns: Plain;
  /** of the steps since the last gradient */
  readonly faults: readonly RowError[];
}

export interface Failed {
  readonly kind: "failed";
  readonly code: ErrorCode;
  readonly message: string;
}
