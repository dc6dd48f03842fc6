/** The wire contract, for programs that speak it or handle its spaces (`dojang/protocol`). */
export { allocate, batchLength, clearRow, copyRow, elementsOf, getRow, outAt, setRow, takeRows } from "./batch.ts";
export { asGymError, ERROR_CODES, type ErrorCode, type ErrorDetails, GymError, isErrorCode } from "./errors.ts";
export * from "./frames.ts";
export { box, dict, discrete, multiBinary, multiDiscrete, oneOf, sequence, text, tuple } from "./make-space.ts";
export { show } from "./show.ts";
export { contains, type Draws, explain, type Mask, maskWidthOf, sample, sampleBatch } from "./space-values.ts";
export type * from "./spaces.ts";
