/** Data sets of programming problems, and what checks them. */
export { checkSuite, type SuiteFault, type SuiteReport } from "./check-suite.ts";
export { stubOf, submissionOf, type Exercise } from "./exercise.ts";
export { humanEval } from "./humaneval.ts";
export { liveCodeBench } from "./livecodebench.ts";
export { mbpp } from "./mbpp.ts";
export { unittestProgram } from "./unittest.ts";
