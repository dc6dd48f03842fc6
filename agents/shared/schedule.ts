/** Hyperparameters that change over a run: by environment steps (exploration), or by visits (step sizes). */
import { real, record } from "dojang/env";

/** A value that goes from `from` to `to` while `over` env steps pass, and stays there. */
export interface Ramp {
  readonly from: number;
  readonly to: number;
  /** env steps; 0 = `to` from the start */
  readonly over: number;
}

/** How a ramp gets from `from` to `to`: on a straight line, or by equal factors. */
export const linear = ({ from, to, over }: Ramp, step: number): number =>
  step >= over ? to : from + (to - from) * (step / over);

export const geometric = ({ from, to, over }: Ramp, step: number): number =>
  step >= over ? to : from * (to / from) ** (step / over);

/** The parameter of a ramp whose ends lie in min .. max; a number given for it is a ramp that stays there. */
export const ramp = (init: Ramp, range: { readonly min: number; readonly max: number; readonly doc?: string }) =>
  record(
    {
      from: real(init.from, { ...range, doc: "value at the first step" }),
      to: real(init.to, { ...range, doc: "value from step `over` on" }),
      over: real(init.over, { min: 0, max: Number.MAX_SAFE_INTEGER, doc: "env steps the change takes" }),
    },
    { ramp: true, ...(range.doc !== undefined && { doc: range.doc }) },
  );

/** Step size at the n-th visit (from 0) of a table entry: alpha / (1 + decay * n). With decay > 0 the sum of steps diverges and that of their squares does not (Robbins & Monro, 1951). */
export const stepSize = (alpha: number, decay: number, visits: number): number =>
  decay === 0 ? alpha : alpha / (1 + decay * visits);
