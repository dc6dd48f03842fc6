/** The tasks that problems are generated for. */
import { addition } from "./addition.ts";
import { arithmetic } from "./arithmetic.ts";
import { countdown } from "./countdown.ts";
import { divisors } from "./divisors.ts";
import { fractions } from "./fractions.ts";
import { geometry } from "./geometry.ts";
import { linear } from "./linear.ts";
import { modular } from "./modular.ts";
import { multiplication } from "./multiplication.ts";
import { probability } from "./probability.ts";
import { series } from "./series.ts";
import type { Task } from "./task.ts";
import { words } from "./words.ts";

export const TASKS: readonly Task[] = [
  arithmetic,
  fractions,
  linear,
  modular,
  divisors,
  series,
  probability,
  geometry,
  words,
  countdown,
  addition,
  multiplication,
];

export const TASK_NAMES: readonly string[] = TASKS.map(({ name }) => name);

/** The tasks of these names, in this order. */
export const tasksNamed = (names: readonly string[]): Task[] =>
  names.flatMap((name) => TASKS.filter((task) => task.name === name));
