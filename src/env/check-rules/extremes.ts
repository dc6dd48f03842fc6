/** A rule about parameters: every value that the schema lets through is one that the plugin can play. */
import { GymError } from "../../../protocol/errors.ts";
import type { JsonValue } from "../../../protocol/frames.ts";
import { explain } from "../../../protocol/space-values.ts";
import type { AnyParam, ParamsSchema } from "../params.ts";
import { resolveParams } from "../resolve-params.ts";
import { play } from "./play.ts";
import { Broken, type CheckRule, type Subject } from "./rule.ts";

type Values = Readonly<Record<string, JsonValue>>;

/** Choices tried of one parameter. */
const MAX_CHOICES = 8;

/** Steps played with each value. */
const STEPS = 5;

const paramsPlayAtTheirExtremes: CheckRule = {
  name: "paramsPlayAtTheirExtremes",
  needs: ["observationsStayInSpace", "stepGivesATransition"],
  async check(subject) {
    for (const given of variants(subject.plugin.params ?? {}, subject.params)) {
      if (subject.limits.overdue()) return;
      await playWith(subject, given.name, given.values);
    }
  },
};

async function playWith(subject: Subject, name: string, values: Values): Promise<void> {
  try {
    const rules = await subject.rebuild(resolveParams(subject.plugin, values, { operator: true }));
    for (const seen of await play(rules, 1, STEPS, subject.limits)) {
      const why = explain(rules.observation, seen.observation);
      if (why !== undefined) throw new Error(`observation: ${why}`);
    }
  } catch (error) {
    // Two parameters may exclude each other: a plugin that says so keeps the rule.
    if (error instanceof GymError && error.code === "BAD_PARAM") return;
    const text = error instanceof Error ? error.message : "threw no error";
    throw new Broken(`with ${name}: ${text}`, "Narrow the range of the parameter, or throw BAD_PARAM from build.");
  }
}

export interface Variant {
  /** `length = 2` */
  readonly name: string;
  readonly values: Values;
}

/** The values of the check with one parameter moved to an end of its range. An operator's parameters (paths, URLs) stay. */
export function* variants(schema: ParamsSchema, values: Values, path = ""): Generator<Variant> {
  for (const [name, param] of Object.entries(schema)) {
    if (param.operator) continue;
    if (param.type === "record") {
      const inner = values[name] as Values;
      for (const variant of variants(param.fields, inner, `${path}${name}.`))
        yield { name: variant.name, values: { ...values, [name]: variant.values } };
    } else
      for (const value of extremesOf(param))
        yield { name: `${path}${name} = ${String(value)}`, values: { ...values, [name]: value } };
  }
}

function extremesOf(param: AnyParam): (string | number | boolean)[] {
  if (param.type === "int" || param.type === "real") return [param.min, param.max].filter(Number.isFinite);
  if (param.type === "flag") return [!param.default];
  return param.type === "choice" ? param.of.slice(0, MAX_CHOICES) : [];
}

export const PARAM_RULES: readonly CheckRule[] = [paramsPlayAtTheirExtremes];
