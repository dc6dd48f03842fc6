/** The demo's server: on a free loopback port, recording only while it is told to. */
import type { FrameObserver, ObserverFactory } from "../../env/observer.ts";
import { serve, type DojangServer } from "../../server/index.ts";
import { loadRegistry } from "../catalogue.ts";
import { recordInto } from "../record.ts";
import type { Registry } from "../../registry/index.ts";

export interface RecordedServer {
  readonly server: DojangServer;
  readonly registry: Registry;
  /** Recording files begun so far. */
  readonly files: readonly string[];
  /** Batches that are made from now on are recorded, or not. */
  record(on: boolean): void;
  close(): Promise<void>;
}

/** Sees everything, keeps nothing. */
const NOTHING: FrameObserver = { onFrame: () => undefined, close: () => Promise.resolve() };

export async function startRecordedServer(folder: string): Promise<RecordedServer> {
  const registry = await loadRegistry();
  const files: string[] = [];
  const recorder = recordInto(folder, { onFile: (path) => files.push(path) });
  let recording = false;
  const record: ObserverFactory = (env, batch) => (recording ? recorder(env, batch) : NOTHING);
  const server = await serve({ registry, port: 0, record });
  return {
    server,
    registry,
    files,
    record: (on) => {
      recording = on;
    },
    async close() {
      await server.close();
      await registry.close();
    },
  };
}
