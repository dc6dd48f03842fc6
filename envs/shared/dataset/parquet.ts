/** Rows of a Parquet file. */
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { GymError } from "dojang/protocol";
import type { Row } from "./row.ts";

/**
 * At most `limit` rows.
 * @throws {GymError} BAD_PARAM when the file is no Parquet, or broken
 */
export async function readParquet(path: string, where: string, limit: number): Promise<Row[]> {
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    const rowEnd = Math.min(limit, Number(metadata.num_rows));
    const rows = await parquetReadObjects({ file, metadata, compressors, rowStart: 0, rowEnd });
    return rows.map((values, i) => ({ where: `row ${i + 1}`, values }));
  } catch (error) {
    throw new GymError("BAD_PARAM", where, {
      expected: "a Parquet file",
      hint: `${error instanceof Error ? error.message : String(error)}.`,
    });
  }
}
