/** Probes of what rules show of every state. */
import { explain } from "../../../protocol/space-values.ts";
import { isArraySpace } from "./look.ts";
import { whyNotPlain } from "./plain-data.ts";
import type { Probe } from "./probe.ts";
import { Broken, broken } from "./rule.ts";

const observationsStayInSpace: Probe = {
  name: "observationsStayInSpace",
  atState({ rules, where, shown: { observation, returned } }) {
    const why = explain(rules.observation, observation);
    if (why === undefined) return;
    const misplaced = isArraySpace(rules.observation) && Array.isArray(returned);
    const hint = misplaced ? "Write the numbers into `out`." : "Widen the observation space, or fix observe.";
    throw new Broken(`${where}: observation: ${why}`, hint);
  },
};

const stateIsPlainData: Probe = {
  name: "stateIsPlainData",
  atState({ where, state }) {
    const why = whyNotPlain(state);
    if (why === undefined) return;
    throw new Broken(
      `${where}: expected a state of plain data, but ${why}`,
      "Keep numbers, strings, arrays and plain objects in the state.",
    );
  },
};

const hooksArePure: Probe = {
  name: "hooksArePure",
  atState({ where, shown }) {
    if (shown.impurity === undefined) return;
    throw new Broken(
      `${where}: ${shown.impurity}`,
      "Let observe, legal, info and render only read the state; change it in step.",
    );
  },
};

const legalMaskFitsActions: Probe = {
  name: "legalMaskFitsActions",
  atState({ rules: { action }, where, shown: { mask }, over }) {
    if (mask === undefined) return;
    const widths = action.kind === "discrete" ? [action.n] : action.kind === "multiDiscrete" ? action.nvec : [];
    const width = widths.reduce((sum, n) => sum + n, 0);
    const hint = "Give one flag for each action (multiDiscrete: for each choice of each component in turn).";
    if (mask.length !== width) throw broken(`${where}: legal`, `${width} flags`, mask, hint);
    const strange = mask.find((item) => ![0, 1, true, false].includes(item as never));
    if (strange !== undefined) throw broken(`${where}: legal`, "flags true, false, 1 or 0", strange, hint);
    let start = 0;
    for (const n of widths) {
      if (!over && !mask.slice(start, start + n).some(Boolean))
        throw broken(
          `${where}: legal`,
          "at least one legal action",
          mask,
          "End the episode where nothing can be done.",
        );
      start += n;
    }
  },
};

const renderGivesTextOrRgb: Probe = {
  name: "renderGivesTextOrRgb",
  atState({ rules, where, shown: { picture } }) {
    if (rules.render === undefined || typeof picture === "string") return;
    const hint = "Return a string, or {width, height, rgb} with 3 bytes a pixel.";
    if (typeof picture !== "object" || picture === null)
      throw broken(`${where}: render`, "text or an RGB frame", picture, hint);
    const { width, height, rgb } = picture as Readonly<Record<string, unknown>>;
    if (!isSide(width) || !isSide(height))
      throw broken(`${where}: render`, "a width and a height from 1 on", picture, hint);
    if (!(rgb instanceof Uint8Array) || rgb.length !== width * height * 3)
      throw broken(`${where}: render: rgb`, `a Uint8Array of ${width * height * 3}`, rgb, hint);
  },
};

const isSide = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 1;

const infoStaysInSpace: Probe = {
  name: "infoStaysInSpace",
  needs: ["infoHasItsSpace"],
  atState({ rules: { infoSpace }, where, shown }) {
    const why = infoSpace && explain(infoSpace, shown.info);
    if (why !== undefined) throw new Broken(`${where}: info: ${why}`, "Widen infoSpace, or fix info.");
  },
};

export const STATE_PROBES: readonly Probe[] = [
  observationsStayInSpace,
  stateIsPlainData,
  hooksArePure,
  legalMaskFitsActions,
  renderGivesTextOrRgb,
  infoStaysInSpace,
];
