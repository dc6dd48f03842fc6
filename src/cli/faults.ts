/** Failures of the env during a run: counted, told once, and kept as capsules that `dojang replay` plays again. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { STATUS, type Frame, type RowError } from "../../protocol/frames.ts";
import type { Client, Env } from "../client/index.ts";
import { pasted } from "./hint.ts";
import { capsuleToJson } from "../recording/capsules.ts";

/** Capsules kept of a run: the first ones tell as much as the others. */
const MAX_CAPSULES = 10;

export class Faults {
  readonly #folder: string;
  readonly #flags: readonly string[];
  readonly #files: string[] = [];
  #count = 0;
  #first: string | undefined;

  /**
   * @param folder of the run; capsules go into its `faults`, once it exists
   * @param flags what a replay needs to find the env ("--plugin", "./my-env.ts")
   */
  constructor(folder: string, flags: readonly string[] = []) {
    this.#folder = folder;
    this.#flags = flags;
  }

  get count(): number {
    return this.#count;
  }

  get files(): readonly string[] {
    return this.#files;
  }

  /** What to tell the user, in one line; undefined where nothing failed. */
  get summary(): string | undefined {
    if (this.#count === 0) return undefined;
    const [file] = this.#files;
    const again = file === undefined ? "" : `. See it again: ${pasted("replay", file, ...this.#flags)}`;
    return `${this.#count} steps failed in the env and were left out; the first: ${this.#first ?? ""}${again}`;
  }

  /** The same client; what its envs report passes through here. */
  watch(client: Client): Client {
    return {
      make: async (id, options) => this.#watchEnv(await client.make(id, options)),
      envs: () => client.envs(),
      close: () => client.close(),
    };
  }

  #watchEnv(env: Env): Env {
    const step: Env["step"] = async (...args) => this.#see(await env.step(...args));
    const reset: Env["reset"] = async (...args) => this.#see(await env.reset(...args));
    // Envs keep private fields, which only they themselves can read: everything else is bound to the original.
    return new Proxy(env, {
      get(target, name) {
        if (name === "step") return step;
        if (name === "reset") return reset;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
  }

  #see<F extends Frame>(frame: F): F {
    for (const error of frame.errors ?? []) if (frame.status[error.index] === STATUS.fault) this.#keep(error);
    return frame;
  }

  #keep({ message, capsule }: RowError): void {
    this.#count++;
    this.#first ??= message;
    if (capsule === undefined || this.#files.length >= MAX_CAPSULES || !existsSync(this.#folder)) return;
    const folder = join(this.#folder, "faults");
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `instance${capsule.instance}-episode${capsule.episode}.json`);
    writeFileSync(file, `${JSON.stringify(capsuleToJson(capsule))}\n`);
    this.#files.push(file);
  }
}
