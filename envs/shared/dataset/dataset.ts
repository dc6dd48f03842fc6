/** Where an environment's rows come from: a JSON Lines or Parquet file of the operator, or a data set of the hub. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { int, string, type Host } from "dojang/env";
import { GymError } from "dojang/protocol";
import { dataFileParams, dataFilePath } from "../data-file.ts";
import { fetchHub } from "./hub.ts";
import { readJsonl } from "./jsonl.ts";
import { readParquet } from "./parquet.ts";
import type { Row } from "./row.ts";

/** Set by the operator only: paths, names and addresses are not a client's to choose. */
export const datasetParams = {
  ...dataFileParams,
  file: string("", {
    operator: true,
    doc: "JSON Lines (.jsonl, .jsonl.gz) or Parquet (.parquet) file inside `folder`.",
  }),
  hub: string("", {
    operator: true,
    doc: "Data set of the Hugging Face hub, as owner/name; fetched once into `folder`.",
  }),
  hubConfig: string("", { operator: true, doc: "Its configuration; empty: the only one, or `default`." }),
  hubSplit: string("train", { operator: true, doc: "Its split." }),
  hubUrl: string("https://huggingface.co", { operator: true, doc: "Where the hub answers." }),
  limit: int(1_000_000, { min: 1, max: 10_000_000, operator: true, doc: "Most rows that are read." }),
};

export interface DatasetSource {
  readonly file: string;
  readonly folder: string;
  readonly hub: string;
  readonly hubConfig: string;
  readonly hubSplit: string;
  readonly hubUrl: string;
  readonly limit: number;
}

/** Has the operator named a data set? */
export const isNamed = ({ file, hub }: DatasetSource): boolean => file !== "" || hub !== "";

/** @throws {GymError} BAD_PARAM naming the param, line or row that is wrong; names of files go to the operator's log alone */
export async function readDataset(source: DatasetSource, where: string, host: Host): Promise<Row[]> {
  const { file, hub, hubConfig, hubSplit, hubUrl, folder, limit } = source;
  if (file !== "" && hub !== "")
    throw new GymError("BAD_PARAM", `${where}: params file, hub`, { expected: "one of them", received: "both" });
  if (hub === "") return readFile(source, where, host);
  const rows: Row[] = [];
  for (const path of await fetchHub({ hub, config: hubConfig, split: hubSplit, url: hubUrl, folder }, where))
    if (rows.length < limit) rows.push(...(await readParquet(path, `${where}: param hub`, limit - rows.length)));
  return rows;
}

async function readFile(source: DatasetSource, where: string, host: Host): Promise<Row[]> {
  const path = dataFilePath(source, where, host);
  const rows = /\.parquet$/i.test(source.file)
    ? await readParquet(path, `${where}: param file`, source.limit)
    : readJsonl(decode(path, where), `${where}: param file`, source.limit);
  if (rows.length > 0) return rows;
  throw new GymError("BAD_PARAM", `${where}: param file`, { expected: "at least one row", received: "none" });
}

/** Largest text that a packed file may hold, in bytes. */
const MAX_UNPACKED = 512 * 2 ** 20;

function decode(path: string, where: string): string {
  const packed = /\.gz$/i.test(path);
  try {
    const bytes = readFileSync(path);
    const text = packed ? gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED }) : bytes;
    return new TextDecoder("utf-8", { fatal: true }).decode(text);
  } catch {
    const expected = packed ? `UTF-8 text, packed by gzip, of at most ${MAX_UNPACKED} bytes` : "UTF-8 text";
    throw new GymError("BAD_PARAM", `${where}: param file`, { expected });
  }
}
