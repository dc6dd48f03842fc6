/** Every family of labelled pairs. */
import * as algebra from "./algebra.ts";
import * as containers from "./containers.ts";
import * as functions from "./functions.ts";
import * as numbers from "./numbers.ts";
import * as roots from "./roots.ts";
import * as words from "./words.ts";
import type { AnyFamily } from "./pair.ts";

export const FAMILIES: readonly AnyFamily[] = [numbers, roots, functions, algebra, containers, words].flatMap((group) =>
  Object.values(group).filter((made): made is AnyFamily => typeof made === "object" && "pairs" in made),
);
