/** The rule about batch rules: they are the scalar rules once more, bit for bit. */
import { checkBatchShape } from "../batch-shape.ts";
import { resolveParams } from "../resolve-params.ts";
import type { AnyRules } from "../rules.ts";
import { batchPlays, firstBatchDifference, type BatchPlay } from "./batch-play.ts";
import { variants } from "./extremes.ts";
import { Broken, type CheckRule, type Subject } from "./rule.ts";

/** Instances that are stepped together. */
const NUM = 6;
const SEEDS = [0, 1, 2];
/** Played with each extreme of a parameter. */
const FRAMES = 20;

const batchRulesHaveTheirShape: CheckRule = {
  name: "batchRulesHaveTheirShape",
  needs: ["spacesAreValid"],
  check({ rules }) {
    try {
      checkBatchShape(rules);
    } catch (error) {
      throw new Broken(error instanceof Error ? error.message : "threw no error", "See docs/batch-rules.md.");
    }
  },
};

const batchRulesEqualTheRules: CheckRule = {
  name: "batchRulesEqualTheRules",
  needs: ["batchRulesHaveTheirShape", "snapshotEqualsContinuing", "paramsPlayAtTheirExtremes"],
  async check(subject) {
    const { plugin, params, rules, share } = subject;
    if (rules.batch === undefined) return;
    await compare(subject, params, rules, batchPlays(SEEDS, NUM, 2 * share), "");
    for (const { name, values } of variants(plugin.params ?? {}, params)) {
      const others = await rebuilt(subject, values);
      if (others !== undefined) await compare(subject, values, others, batchPlays([1], NUM, FRAMES), `, with ${name}`);
    }
  },
};

/** undefined where the plugin refuses these params together. */
async function rebuilt(subject: Subject, values: Subject["params"]): Promise<AnyRules | undefined> {
  try {
    return await subject.rebuild(resolveParams(subject.plugin, values, { operator: true }));
  } catch {
    return undefined;
  }
}

async function compare(
  { plugin, limits }: Subject,
  params: Subject["params"],
  rules: AnyRules,
  plays: readonly BatchPlay[],
  where: string,
): Promise<void> {
  const { id, version = "0", secret = false, deterministic = true } = plugin;
  const env = { id, version, params, rules, secret, deterministic };
  for (const play of plays) {
    const difference = await firstBatchDifference(env, { ...play, overdue: limits.overdue });
    if (difference === undefined) continue;
    const hint = "Make `batch` do what the rules do for one state, draw for draw.";
    throw new Broken(`seed ${play.seed}${where}, ${difference}`, hint);
  }
}

export const BATCH_SHAPE_RULES: readonly CheckRule[] = [batchRulesHaveTheirShape];
export const BATCH_RULES: readonly CheckRule[] = [batchRulesEqualTheRules];
