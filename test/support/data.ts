/** Public data sets that tests use where they are present; they are not part of the project. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = process.env["DOJANG_DATA"] ?? fileURLToPath(new URL("../../../shared/data/", import.meta.url));

/** Why a test that needs `name` is skipped; undefined where the file is there. */
export const missingData = (name: string): string | undefined =>
  existsSync(dataFile(name)) ? undefined : `needs the data set ${name}: set DOJANG_DATA to its folder`;

/** Path of a data set such as "gsm8k_test.jsonl", "mbpp.jsonl" or "HumanEval.jsonl.gz". */
export const dataFile = (name: string): string => join(FOLDER, name);
