/** A driver whose boxes are processes: keeps some ready for each command line, and closes all it has opened. */
import { GymError } from "../../../../protocol/errors.ts";
import type { Box, Driver, OpenOptions, Program } from "../driver.ts";
import type { Language, Limits } from "../types.ts";
import { BoxProcess, type Start } from "./box-process.ts";
import type { Interpreter } from "./interpreter.ts";
import { ProcessBox } from "./process-box.ts";
import { WarmPool } from "./warm-pool.ts";

/** Command lines for which processes are kept ready; the one not used for longest goes first. */
const MAX_POOLS = 4;

export class ProcessDriver implements Driver {
  readonly name: string;
  readonly languages: readonly Language[];
  readonly #interpreters: ReadonlyMap<Language, Interpreter>;
  readonly #warm: number;
  readonly #pools = new Map<string, WarmPool>();
  readonly #boxes = new Set<Box>();
  #closed = false;

  /** @param warm processes kept ready for each command line */
  constructor(name: string, interpreters: ReadonlyMap<Language, Interpreter>, warm: number) {
    this.name = name;
    this.#interpreters = interpreters;
    this.#warm = warm;
    this.languages = [...interpreters.keys()];
  }

  async open(program: Program, options: OpenOptions): Promise<Box> {
    const interpreter = this.#interpreters.get(program.language);
    if (interpreter === undefined || this.#closed) {
      const why = this.#closed ? "is closed" : `has no interpreter for ${program.language}`;
      throw new GymError("VERIFIER_UNAVAILABLE", `driver ${this.name} ${why}`);
    }
    const process = await this.#pool(interpreter, options.limits).take();
    const box = new ProcessBox(process, program, {
      ...options,
      setup: interpreter.setup(options.limits),
      cpuSeconds: interpreter.cpuSeconds(options.limits),
      slackMs: interpreter.slackMs,
      filtered: interpreter.filtered,
      outOfMemory: interpreter.outOfMemory,
      group: interpreter.around(process.pid, options.limits),
    });
    this.#boxes.add(box);
    void process.gone.then(() => this.#boxes.delete(box));
    return box;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([...this.#pools.values(), ...this.#boxes].map((each) => each.close()));
    for (const interpreter of new Set(this.#interpreters.values())) interpreter.close();
  }

  #pool(interpreter: Interpreter, limits: Limits): WarmPool {
    const start = interpreter.start(limits);
    const key = [start.command, ...start.args].join("\0");
    const pool = this.#pools.get(key) ?? this.#newPool(start);
    // The one used last goes to the end.
    this.#pools.delete(key);
    this.#pools.set(key, pool);
    return pool;
  }

  #newPool(start: Start): WarmPool {
    const [oldest] = this.#pools;
    if (this.#pools.size >= MAX_POOLS && oldest !== undefined) {
      this.#pools.delete(oldest[0]);
      void oldest[1].close();
    }
    return new WarmPool(this.#warm, () => new BoxProcess(start));
  }
}
