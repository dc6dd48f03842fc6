/** The QuickJS driver: JavaScript and TypeScript in WebAssembly, a fresh instance for each submission, no operating system in sight. */
import type { Box, Driver, DriverKind, DriverOptions, OpenOptions, Probe, Program } from "../driver.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import type { Language } from "../types.ts";
import { QuickJsBox } from "./box.ts";
import { countWithHeap } from "./collector.ts";
import { compileQuickJs } from "./wasm.ts";
import { Workers } from "./workers.ts";

const LANGUAGES: readonly Language[] = ["javascript", "typescript"];

class QuickJsDriver implements Driver {
  readonly name = "quickjs";
  readonly languages = LANGUAGES;
  readonly #workers: Workers;

  constructor(workers: Workers) {
    this.#workers = workers;
  }

  async open(program: Program, options: OpenOptions): Promise<Box> {
    return new QuickJsBox(this.#workers, await this.#workers.acquire(), program, options);
  }

  close(): Promise<void> {
    return this.#workers.close();
  }
}

async function create({ boxes }: DriverOptions): Promise<Driver> {
  countWithHeap(); // before the workers are made
  const workers = new Workers({ wasm: await compileQuickJs() }, boxes);
  workers.warm();
  return new QuickJsDriver(workers);
}

/** Runs a submission that reports what of the host it can see. */
async function probe(): Promise<Probe> {
  const driver = await create({ boxes: 1 });
  try {
    const source = "function sees() { return typeof process + typeof require + typeof fetch + [1, 2].length; }";
    const box = await driver.open({ language: "javascript", source }, { limits: DEFAULT_LIMITS });
    const [reply] = await box.call([{ name: "sees", args: [] }]);
    await box.close();
    if (reply?.kind === "value" && reply.value === "undefinedundefinedundefined2")
      return { ok: true, gaps: GAPS, found: FOUND };
    return { ok: false, reason: `a trial submission came to ${JSON.stringify(reply).slice(0, 200)}` };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : "no worker could be started" };
  } finally {
    await driver.close();
  }
}

const FOUND = "QuickJS 2025-09-13 in WebAssembly, in worker threads of this process";
const GAPS = [
  "A defect of V8's WebAssembly or of Node would let a submission out: there is no second wall of the operating system.",
  "A submission shares this process's processor time limit and memory with the server, within its own limits.",
] as const;

export const quickjs: DriverKind = {
  name: "quickjs",
  languages: LANGUAGES,
  probe: () => probe().catch((error: unknown) => ({ ok: false, reason: String(error) })),
  create,
};
