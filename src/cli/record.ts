/** --record DIR: a recording file for every batch that is made, named after env and time. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ObserverFactory } from "../env/observer.ts";
import { createRecorder } from "../recording/recorder.ts";

export interface RecordOptions {
  /** Record full observations of every batch, even where the client does not ask for them. */
  readonly observations?: boolean;
  /** Told the path of each file that is begun. */
  readonly onFile?: (path: string) => void;
}

/** A factory of recorders that write into `folder`, which is made now. */
export function recordInto(folder: string, { observations = false, onFile }: RecordOptions = {}): ObserverFactory {
  mkdirSync(folder, { recursive: true });
  let made = 0;
  return async (env, batch) => {
    const path = join(folder, `${fileName(env.id)}-${stamp()}-${process.pid}-${++made}.mcap`);
    const recorder = await createRecorder({ path, env, ...batch, observations: observations || batch.observations });
    onFile?.(path);
    return recorder;
  };
}

/** An id as part of a file name: "text/Wordle-v0" -> "text_Wordle-v0" */
export const fileName = (id: string): string => id.replace(/[^\w.-]/g, "_");

/** The time as 20260131-235959, UTC. */
export const stamp = (): string => new Date().toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
