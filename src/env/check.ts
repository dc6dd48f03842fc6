/** `checkEnv`: plays every rule of the plugin contract against a plugin and names the ones that it breaks. */
import { GymError } from "../../protocol/errors.ts";
import type { JsonValue } from "../../protocol/frames.ts";
import { BATCH_RULES, BATCH_SHAPE_RULES } from "./check-rules/batch.ts";
import { Explorer } from "./check-rules/explore.ts";
import { EPISODE_RULES } from "./check-rules/episodes.ts";
import { PARAM_RULES } from "./check-rules/extremes.ts";
import { PLUGIN_RULES } from "./check-rules/plugin.ts";
import { Report, type CheckReport } from "./check-rules/report.ts";
import type { Broken, Subject } from "./check-rules/rule.ts";
import { SECRET_PROBES } from "./check-rules/secret.ts";
import { SHAPE_RULES } from "./check-rules/spaces.ts";
import { STATE_PROBES } from "./check-rules/each-state.ts";
import { STEP_PROBES } from "./check-rules/each-step.ts";
import { buildRules, type AnyPlugin, type Host } from "./define.ts";
import { resolveParams } from "./resolve-params.ts";
import type { AnyRules } from "./rules.ts";

export interface CheckOptions {
  /** Params to check with; others have their defaults. */
  readonly params?: Readonly<Record<string, JsonValue>>;
  /** Steps of random play, about. Default 2,000. */
  readonly steps?: number;
  /** Seconds after which plays end early. Default 30. */
  readonly seconds?: number;
  /** Milliseconds that one async reset or step may take. Default 10,000. */
  readonly stepMs?: number;
  readonly host?: Host;
  /** Told of each rule, build, reset and step before it is played: `neverThrows: seed 1, step 3`. What comes last does not come back. */
  readonly onProgress?: (what: string) => void;
}

/** The real clock: a rule replaces the global one while it plays. */
const now = Date.now.bind(Date);

const PROBES = [...STATE_PROBES, ...STEP_PROBES, ...SECRET_PROBES];

/** Every rule that is played, in order. */
export const CHECK_RULES: readonly string[] = [
  ...PLUGIN_RULES.map(({ name }) => name),
  "buildsWithItsParams",
  ...[...SHAPE_RULES, ...BATCH_SHAPE_RULES].map(({ name }) => name),
  "neverThrows",
  ...PROBES.map(({ name }) => name),
  ...[...EPISODE_RULES, ...PARAM_RULES, ...BATCH_RULES].map(({ name }) => name),
  "closes",
];

/** @param plugin one plugin, as `defineEnv` gives it. Never throws for what the plugin does; a synchronous loop without end cannot be stopped. */
export async function checkEnv(plugin: AnyPlugin, options: CheckOptions = {}): Promise<CheckReport> {
  // The argument may be anything that a module exports.
  const id: unknown = (plugin as Partial<AnyPlugin> | null | undefined)?.id;
  const check = new Check(plugin, typeof id === "string" ? id : "?", options);
  await check.run();
  return check.report;
}

/** For tests. @throws {GymError} BAD_PLUGIN with all that `checkEnv` found to fail. */
export async function assertEnv(plugin: AnyPlugin, options: CheckOptions = {}): Promise<CheckReport> {
  const report = await checkEnv(plugin, options);
  if (report.failed.length === 0) return report;
  const lines = report.failed.map(({ message, hint }) => `${message}. ${hint}`);
  throw new GymError("BAD_PLUGIN", lines.join("\n"));
}

class Check {
  readonly report: Report;
  readonly #plugin: AnyPlugin;
  readonly #options: CheckOptions;
  readonly #built: AnyRules[] = [];
  /** Milliseconds since 1970. */
  readonly #start: number;
  readonly #end: number;
  /** Name of the rule that is being played. */
  #playing = "";

  constructor(plugin: AnyPlugin, id: string, options: CheckOptions) {
    this.#plugin = plugin;
    this.#options = options;
    this.report = new Report(id, (rule) => {
      this.#playing = rule;
      options.onProgress?.(rule);
    });
    this.#start = now();
    this.#end = this.#start + 1_000 * (options.seconds ?? 30);
  }

  async run(): Promise<void> {
    for (const rule of PLUGIN_RULES) {
      const warn = (message: string, hint: string): void => this.report.warn(rule.name, message, hint);
      await this.report.run(rule, () => rule.check(this.#plugin, warn));
      if (this.report.failed.length > 0) return this.#skipRest();
    }
    let subject: Subject | undefined;
    await this.report.run({ name: "buildsWithItsParams" }, async () => {
      subject = await this.#subject();
    });
    if (subject !== undefined) await this.#play(subject);
    this.#skipRest();
  }

  async #subject(): Promise<Subject> {
    const { params: given = {}, steps = 2_000, stepMs = 10_000 } = this.#options;
    const params = resolveParams(this.#plugin, given, { operator: true });
    const rebuild = (other = params): Promise<AnyRules> => this.#build(other);
    const limits = { stepMs, overdue: (): boolean => now() > this.#end, begins: (what: string) => this.#begins(what) };
    const share = Math.max(1, Math.ceil(steps / 40));
    return { plugin: this.#plugin, params, rules: await rebuild(), rebuild, share, limits, warn: () => undefined };
  }

  #begins(what: string): void {
    this.#options.onProgress?.(`${this.#playing}: ${what}`);
  }

  async #build(params: Readonly<Record<string, unknown>>): Promise<AnyRules> {
    this.#begins("build");
    const rules = await buildRules(this.#plugin, params, this.#options.host ?? { log: () => undefined });
    this.#built.push(rules);
    return rules;
  }

  async #play(subject: Subject): Promise<void> {
    for (const rule of [...SHAPE_RULES, ...BATCH_SHAPE_RULES]) await this.#rule(rule, subject);
    if (this.report.failed.length === 0) await this.#explore(subject);
    if (this.report.passed.includes("neverThrows"))
      for (const rule of [...EPISODE_RULES, ...PARAM_RULES, ...BATCH_RULES]) await this.#rule(rule, subject);
    await this.report.run({ name: "closes" }, () => this.#close());
  }

  async #rule(
    rule: { name: string; needs?: readonly string[]; check(subject: Subject): void | Promise<void> },
    subject: Subject,
  ) {
    const warn = (message: string, hint: string): void => this.report.warn(rule.name, message, hint);
    await this.report.run(rule, () => rule.check({ ...subject, warn }));
  }

  /** Half of the steps and of the time, looked at one by one; the other half is for comparisons. */
  async #explore(subject: Subject): Promise<void> {
    const overdue = (): boolean => now() > (this.#start + this.#end) / 2;
    const explorer = new Explorer({ ...subject, limits: { ...subject.limits, overdue } }, PROBES);
    await this.report.run({ name: "neverThrows" }, () => explorer.play((this.#options.steps ?? 2_000) / 2));
    const whole = this.report.passed.includes("neverThrows");
    for (const probe of PROBES) this.#probed(probe.name, explorer.failed.get(probe.name), whole);
    if (whole && explorer.episodes === 0 && subject.rules.maxSteps === undefined) {
      const message = `no episode ended within ${explorer.steps} random steps, and there is no time limit`;
      this.report.warn("neverThrows", message, "Set maxSteps, unless learners are to choose a limit.");
    }
    if (overdue()) {
      const message = `half of the time was up after ${explorer.steps} steps: plays were cut short`;
      this.report.warn("neverThrows", message, "Allow more seconds.");
    }
  }

  #probed(name: string, failure: Broken | undefined, whole: boolean): void {
    if (failure !== undefined) this.report.fail(name, failure);
    else if (whole) this.report.passed.push(name);
  }

  async #close(): Promise<void> {
    for (const rules of this.#built.splice(0)) await rules.close?.();
  }

  #skipRest(): void {
    const { passed, failed, skipped } = this.report;
    const done = new Set([...passed, ...skipped, ...failed.map(({ rule }) => rule)]);
    skipped.push(...CHECK_RULES.filter((name) => !done.has(name)));
  }
}
