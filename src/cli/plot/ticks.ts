/** Round numbers for an axis. */

const ROUND = [1, 2, 5, 10];

/** At most `most` + 1 round numbers at equal distances that enclose low .. high. */
export function ticksFor(low: number, high: number, most: number): number[] {
  const [from, to] = high > low ? [low, high] : [low - 0.5, low + 0.5];
  const rough = (to - from) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  // The slack keeps 0.30000000000000004 from asking for a wider step than 0.3.
  const wide = ROUND.find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10;
  const step = wide * power;
  const first = Math.floor(from / step + 1e-9);
  const last = Math.ceil(to / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

const UNITS = [[1e9, "G"], [1e6, "M"], [1e3, "k"]] as const; // prettier-ignore

/** 1500000 -> "1.5M", 20000 -> "20k", 0.25 -> "0.25" */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  for (const [unit, sign] of UNITS) if (size >= unit) return `${Number((value / unit).toPrecision(6))}${sign}`;
  return size !== 0 && size < 1e-4 ? value.toExponential(1) : String(Number(value.toPrecision(6)));
}
