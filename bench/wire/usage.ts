/** What a process uses: CPU time, memory after a collection, open handles by kind. */

export interface Usage {
  /** Milliseconds of user and system time since the process began. */
  readonly cpuMs: number;
  /** Bytes of resident memory. */
  readonly rss: number;
  /** Bytes of live objects and of the buffers that they hold. */
  readonly heap: number;
  /** Handles that Node keeps open, by kind. */
  readonly handles: Readonly<Record<string, number>>;
}

/** Collects garbage first where `settled` says so: then memory counts what is still in use. */
export async function usage({ settled = false }: { readonly settled?: boolean } = {}): Promise<Usage> {
  if (settled) await settle();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  const handles: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1;
  return { cpuMs: (user + system) / 1000, rss, heap: heapUsed + external, handles };
}

/** Buffers of sockets are let go by finalisers, which run between collections. */
async function settle(): Promise<void> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error("expected a process started with --expose-gc");
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    await gc({ execution: "async", type: "major", flavor: "last-resort" });
  }
}
