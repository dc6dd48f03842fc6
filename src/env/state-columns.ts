/** The states of N instances in the columns of batch rules, one at a time: for snapshots, pictures, and whatever else asks for a single state. */
import type { AnyBatchRules } from "./batch-rules.ts";

export class StateColumns {
  readonly batch: AnyBatchRules;
  /** What the plugin made; only its own functions know what it is. */
  readonly columns: unknown;

  constructor(batch: AnyBatchRules, num: number) {
    this.batch = batch;
    this.columns = batch.columns(num);
  }

  get(row: number): unknown {
    return this.batch.save(this.columns, row);
  }

  set(row: number, state: unknown): void {
    this.batch.load(this.columns, row, state);
  }
}
