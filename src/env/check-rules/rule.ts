/** What a rule of `checkEnv` is, and how it says that it is broken. */
import { show } from "../../../protocol/show.ts";
import type { JsonValue } from "../../../protocol/frames.ts";
import type { AnyPlugin } from "../define.ts";
import type { AnyRules } from "../rules.ts";

export interface Finding {
  /** Name of the rule. */
  readonly rule: string;
  /** Env, rule, seed, step, what was expected and what came. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
  /** Where the plugin threw, frame by frame. */
  readonly stack?: string;
}

/** Thrown by a rule that does not hold. */
export class Broken extends Error {
  override readonly name = "Broken";
  readonly hint: string;

  /** @param cause what the plugin threw */
  constructor(message: string, hint: string, cause?: unknown) {
    super(message, { cause });
    this.hint = hint;
  }
}

export const broken = (where: string, expected: string, received: unknown, hint: string): Broken =>
  new Broken(`${where}: expected ${expected}, got ${show(received)}`, hint);

/** A plugin under check, built with the params of the check. */
export interface Subject {
  readonly plugin: AnyPlugin;
  readonly params: Readonly<Record<string, JsonValue>>;
  readonly rules: AnyRules;
  /** Rules from a build of their own, as another process would have them. */
  rebuild(params?: Readonly<Record<string, JsonValue>>): Promise<AnyRules>;
  /** Steps that one comparison of episodes may take. */
  readonly share: number;
  readonly limits: PlayLimits;
  readonly warn: (message: string, hint: string) => void;
}

export interface PlayLimits {
  /** Milliseconds that an async reset or step may take. */
  readonly stepMs: number;
  /** True when the check has used up its time: plays end early, what they have shown so far counts. */
  overdue(): boolean;
  /** Told of each reset and step before it is played: `seed 1, step 3`. */
  begins(what: string): void;
}

/** A rule that needs built rules. */
export interface CheckRule {
  readonly name: string;
  /** Rules whose failure would make this one fail too: then it is skipped. */
  readonly needs?: readonly string[];
  /** @throws {Broken} */
  check(subject: Subject): void | Promise<void>;
}

/** A rule about the plugin itself, before anything is built. */
export interface PluginRule {
  readonly name: string;
  readonly needs?: readonly string[];
  /** @throws {Broken} */
  check(plugin: AnyPlugin, warn: (message: string, hint: string) => void): void;
}
