/** The nearest known name for a mistyped one. */
import { describe, expect, it } from "vitest";
import { didYouMean, meantName } from "../../src/env/index.ts";

const IDS = ["CartPole-v1", "FrozenLake-v1", "FrozenLake8x8-v1", "Taxi-v4", "Taxi-v3"];

describe("didYouMean", () => {
  it.each([
    ["CartPole-v0", "CartPole-v1"],
    ["cartpole-v1", "CartPole-v1"],
    ["CratPole-v1", "CartPole-v1"],
    ["FrozenLake", "FrozenLake-v1"],
    ["Taxi-v5", "Taxi-v4"],
    ["Tax", "Taxi-v4"],
  ])("finds for %s the name %s", (word, name) => {
    expect(didYouMean(word, IDS)).toBe(name);
  });
  it("finds nothing for a word that is far from all names", () => {
    expect(didYouMean("MountainCar-v0", IDS)).toBeUndefined();
    expect(didYouMean("", IDS)).toBeUndefined();
    expect(didYouMean("T", IDS)).toBeUndefined();
    expect(didYouMean("x", [])).toBeUndefined();
  });
  it("counts a swap of neighbours as one change", () => {
    expect(didYouMean("gaol", ["hole", "goal"])).toBe("goal");
    expect(didYouMean("abcd", ["badc"])).toBeUndefined();
  });
  it("does not compare words of more than 64 letters", () => {
    expect(didYouMean("a".repeat(65), ["a".repeat(64)])).toBeUndefined();
  });
});

describe("meantName", () => {
  const NAMES = ["learningRate", "steps", "minibatch", "learningRate.to"];
  it.each([
    ["learning_rate", "learningRate"],
    ["Learning-Rate", "learningRate"],
    ["learning_rate.to", "learningRate.to"],
    ["lr", "learningRate"],
    ["n_steps", "steps"],
    ["batch_size", "minibatch"],
    ["stesp", "steps"],
  ])("finds for %s the name %s", (word, name) => {
    expect(meantName(word, NAMES)).toBe(name);
  });
  it("finds no name from elsewhere that is not there, nor one of every object", () => {
    expect(meantName("gae_lambda", NAMES)).toBeUndefined();
    expect(meantName("constructor", NAMES)).toBeUndefined();
  });
});
