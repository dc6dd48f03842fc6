/** What a run costs: steps, processor time, memory, energy, price. */
import type { JsonRecord } from "./run.ts";

/** How energy and price are reckoned. */
export interface CostRates {
  /** Watts that a busy core draws, with its share of the machine. Default 10: between a server's core and a desktop's. */
  readonly wattsPerCore?: number | undefined;
  /** Price of one core for one hour, in any currency. Absent: no price. */
  readonly pricePerCoreHour?: number | undefined;
}

export interface Spent {
  /** training only; those of evaluations are apart */
  readonly envSteps: number;
  readonly evaluationSteps: number;
  /** steps of gradient descent of all nets, as of the last checkpoint */
  readonly gradientSteps: number;
  /** of all threads of this process (a server's are its own), over all parts of a resumed run */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

const WATTS_PER_CORE = 10;
const JOULES_PER_KWH = 3.6e6;

/** Energy is an estimate: processor seconds times watts. Memory is the peak of this process so far. */
export function costsOf(spent: Spent, { wattsPerCore = WATTS_PER_CORE, pricePerCoreHour }: CostRates): JsonRecord {
  const { cpuSeconds } = spent;
  return {
    ...spent,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1_024,
    kWh: (cpuSeconds * wattsPerCore) / JOULES_PER_KWH,
    wattsPerCore,
    ...(pricePerCoreHour !== undefined && { price: (cpuSeconds / 3_600) * pricePerCoreHour, pricePerCoreHour }),
  };
}

/** Seconds of processor time of this process since its start, all threads together. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
