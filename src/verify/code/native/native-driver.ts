/** The bubblewrap driver: opens boxes for the languages whose interpreters were found. */
import { GymError } from "../../../../protocol/errors.ts";
import type { Box, Driver, OpenOptions, Program } from "../driver.ts";
import type { Language, Limits } from "../types.ts";
import { boxCommand, type Tools } from "./bwrap-args.ts";
import type { Groups } from "./cgroup.ts";
import { cpuSeconds, type Interpreter } from "./interpreter.ts";
import { NativeBox } from "./native-box.ts";
import { Sandbox } from "./sandbox.ts";
import { seccompFilter } from "./seccomp.ts";
import { SharedFile } from "./shared-file.ts";
import { WarmPool } from "./warm-pool.ts";

export interface NativeDriverOptions {
  /** Sandboxes kept ready for each language and each set of limits that its command line names. */
  readonly warm: number;
  /** Bytes of /tmp in a box. */
  readonly scratchBytes: number;
  /** Control groups, where this process may make them. */
  readonly groups: Groups | undefined;
}

/** Command lines for which sandboxes are kept ready; the one not used for longest goes first. */
const MAX_POOLS = 4;

export class NativeDriver implements Driver {
  readonly name = "bubblewrap";
  readonly languages: readonly Language[];
  readonly #tools: Tools;
  readonly #interpreters: ReadonlyMap<Language, Interpreter>;
  readonly #options: NativeDriverOptions;
  readonly #filter: SharedFile | undefined;
  readonly #pools = new Map<string, WarmPool>();
  readonly #boxes = new Set<Box>();
  #closed = false;

  constructor(tools: Tools, interpreters: ReadonlyMap<Language, Interpreter>, options: NativeDriverOptions) {
    this.#tools = tools;
    this.#interpreters = interpreters;
    this.#options = options;
    this.languages = [...interpreters.keys()];
    const filter = seccompFilter();
    this.#filter = filter && new SharedFile(filter);
  }

  async open(program: Program, options: OpenOptions): Promise<Box> {
    const interpreter = this.#interpreters.get(program.language);
    if (interpreter === undefined || this.#closed) {
      const why = this.#closed ? "is closed" : `has no interpreter for ${program.language}`;
      throw new GymError("VERIFIER_UNAVAILABLE", `driver ${this.name} ${why}`);
    }
    const sandbox = await this.#pool(interpreter, options.limits).take();
    const box = new NativeBox(sandbox, program, {
      ...options,
      setup: interpreter.setup(options.limits),
      cpuSeconds: cpuSeconds(options.limits),
      filtered: this.#filter !== undefined,
      group: this.#options.groups?.around(sandbox.pid, options.limits),
    });
    this.#boxes.add(box);
    void sandbox.gone.then(() => this.#boxes.delete(box));
    return box;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([...this.#pools.values(), ...this.#boxes].map((each) => each.close()));
    this.#filter?.close();
    for (const interpreter of new Set(this.#interpreters.values())) interpreter.close();
  }

  #pool(interpreter: Interpreter, limits: Limits): WarmPool {
    const inside = {
      command: interpreter.command(limits),
      files: interpreter.files,
      scratchBytes: this.#options.scratchBytes,
      filtered: this.#filter !== undefined,
    };
    const key = inside.command.join("\0");
    const start = { ...boxCommand(this.#tools, inside), code: interpreter.code, filter: this.#filter };
    const pool = this.#pools.get(key) ?? new WarmPool(this.#options.warm, () => new Sandbox(start));
    this.#pools.delete(key);
    this.#pools.set(key, pool);
    this.#forgetOldest();
    return pool;
  }

  #forgetOldest(): void {
    const [oldest] = this.#pools;
    if (this.#pools.size <= MAX_POOLS || oldest === undefined) return;
    this.#pools.delete(oldest[0]);
    void oldest[1].close();
  }
}
