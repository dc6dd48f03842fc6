/** Runs rules one after the other and keeps what came of each. */
import { GymError } from "../../../protocol/errors.ts";
import { asFault } from "../thrown.ts";
import { Broken, type Finding } from "./rule.ts";

/** What `checkEnv` found. The env holds its contract when `failed` is empty. */
export interface CheckReport {
  /** Id of the plugin; "?" where it has none. */
  readonly env: string;
  /** Names of the rules that hold. */
  readonly passed: readonly string[];
  readonly failed: readonly Finding[];
  /** What is allowed and yet often a mistake. */
  readonly warnings: readonly Finding[];
  /** Rules that could not be tried because others failed. */
  readonly skipped: readonly string[];
}

interface Named {
  readonly name: string;
  readonly needs?: readonly string[];
}

const NO_ERROR = new GymError("ENV_FAULT", "threw something that is no error");

export class Report implements CheckReport {
  readonly env: string;
  readonly passed: string[] = [];
  readonly failed: Finding[] = [];
  readonly warnings: Finding[] = [];
  readonly skipped: string[] = [];
  readonly #begins: (rule: string) => void;

  /** @param begins told of each rule before it is played */
  constructor(env: string, begins: (rule: string) => void = () => undefined) {
    this.env = env;
    this.#begins = begins;
  }

  /** Runs a rule, unless one that it needs does not hold. What it throws other than Broken is a failure all the same. */
  async run(rule: Named, check: () => void | Promise<void>): Promise<void> {
    if (rule.needs?.some((name) => !this.passed.includes(name))) {
      this.skipped.push(rule.name);
      return;
    }
    this.#begins(rule.name);
    try {
      await check();
      this.passed.push(rule.name);
    } catch (error) {
      this.fail(rule.name, error);
    }
  }

  fail(rule: string, error: unknown): void {
    // Rules throw Broken and tell where; what else comes out of one was thrown by the plugin.
    const { message } =
      error instanceof Broken ? error : asFault(error instanceof Error ? error : NO_ERROR, "ENV_FAULT");
    const hint = error instanceof Broken ? error.hint : "Fix what it threw.";
    const cause = error instanceof Broken ? error.cause : error;
    const stack = cause instanceof Error ? cause.stack : undefined;
    this.failed.push({ rule, message: `${this.env}: ${rule}: ${message}`, hint, ...(stack && { stack }) });
  }

  warn(rule: string, message: string, hint: string): void {
    this.warnings.push({ rule, message: `${this.env}: ${rule}: ${message}`, hint });
  }
}
