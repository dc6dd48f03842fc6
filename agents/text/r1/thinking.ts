/** What thinking is worth: the same products, examples and steps, once with the scratchpad and once with nothing between the think tags. */
import { withoutThinking } from "./chains.ts";
import type { Lab } from "./lab.ts";
import { gainOf, type Gain } from "./measured.ts";
import { ROUTED } from "./settings.ts";
import type { StageResult } from "./stage.ts";
import { sftStage } from "./stages.ts";
import { PRODUCTS } from "./task-set.ts";

/** Two nets from the same random weights, measured on held-out products. @returns what thinking adds; undefined where the tasks have no products */
export async function thinking(lab: Lab, onStage: (result: StageResult) => void): Promise<Gain | undefined> {
  const families = lab.set.families.filter(({ name }) => name === PRODUCTS);
  if (families.length === 0) return undefined;
  const { productExamples, productSteps: steps, sftRate: rate } = lab.options.settings;
  const examples = await lab.demonstrations(productExamples, PRODUCTS, families);
  const common = { shape: lab.fitted(ROUTED), steps, rate, family: PRODUCTS };
  const blank = await sftStage(lab, { ...common, name: "products-blank", title: "products without thinking: SFT", examples: examples.map(withoutThinking) }); // prettier-ignore
  onStage(blank);
  const thought = await sftStage(lab, { ...common, name: "products-think", title: "products with thinking: SFT", examples }); // prettier-ignore
  onStage(thought);
  return gainOf(blank, thought);
}
