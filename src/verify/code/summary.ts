/** The result of a submission, from those of its tests. */
import type { Judged } from "./judge.ts";
import type { CodeResult } from "./types.ts";

/** @param feedbackBytes of stdout and of stderr, each */
export function summary({ tests, outputs }: Judged, feedbackBytes: number): Omit<CodeResult, "ms" | "driver"> {
  const undecided = tests.find(({ verdict }) => verdict === "infrastructure");
  const missed = undecided ?? tests.find(({ verdict }) => verdict !== "pass");
  return {
    verdict: missed?.verdict ?? "pass",
    passed: tests.filter(({ verdict }) => verdict === "pass").length,
    total: tests.length,
    tests,
    detail: missed?.detail ?? "",
    stdout: cut(outputs.map(({ stdout }) => stdout).join(""), feedbackBytes),
    stderr: cut(outputs.map(({ stderr }) => stderr).join(""), feedbackBytes),
  };
}

function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  // A character cut in two at the end is left out rather than shown as a wrong one.
  return new TextDecoder().decode(Buffer.from(text).subarray(0, bytes), { stream: true });
}
