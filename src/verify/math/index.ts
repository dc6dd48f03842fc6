/** The math verifier. */
export { checkVerifyOptions, type VerifyOptions } from "./check-options.ts";
export { KINDS as EXTRACT_KINDS, type ExtractOptions, type Kind as ExtractKind } from "./extract/options.ts";
export { extract, type Extraction } from "./extract/extract.ts";
export { MATH_DEFAULTS, type MathOptions } from "./options.ts";
export { readRequest } from "./request.ts";
export { VERDICT_CODES, type MathVerdict, type VerdictCode } from "./verdict.ts";
export {
  createMathVerifier,
  verifyMath,
  type MathRequest,
  type MathVerifier,
  type MathVerifierOptions,
  type VerifyAllOptions,
} from "./verifier.ts";
