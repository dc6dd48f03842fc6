/** A driver whose boxes answer what a test says: for what the judge does with replies. */
import type {
  Box,
  Call,
  DriverKind,
  Ended,
  EndReason,
  OpenOptions,
  Program,
  Reply,
} from "../../../src/verify/code/driver.ts";

export type Answer = (call: Call, box: number) => Reply;

export interface Fake extends DriverKind {
  readonly opened: { readonly program: Program; readonly options: OpenOptions }[];
  /** Boxes that are open now. */
  open: number;
  /** The most that were open at once. */
  mostOpen: number;
}

export const value = (v: number): Reply => ({ kind: "value", value: v, ms: 1 });

export const end = (reason: EndReason, extra: Partial<Ended> = {}): Ended => ({
  kind: "ended",
  reason,
  detail: `it was ${reason}`,
  ms: 1,
  ...extra,
});

export const raised = (type: string, because?: "denied" | "memory"): Reply => ({
  kind: "exception",
  type,
  message: "m",
  ms: 1,
  ...(because === undefined ? {} : { because }),
});

/** @param answer what each call of each box comes to; box 0 is the first. @param load what loading it comes to */
export function fakeDriver(
  answer: Answer,
  load: (program: Program, box: number, options: OpenOptions) => Reply | Promise<Reply> = () => value(0),
): Fake {
  const fake: Fake = {
    name: "fake",
    languages: ["python", "javascript"],
    opened: [],
    open: 0,
    mostOpen: 0,
    probe: () => Promise.resolve({ ok: true, gaps: [], found: "fake" }),
    create: () =>
      Promise.resolve({ name: "fake", languages: ["python", "javascript"], open, close: () => Promise.resolve() }),
  };
  function open(program: Program, options: OpenOptions): Promise<Box> {
    const box = fake.opened.push({ program, options }) - 1;
    fake.mostOpen = Math.max(fake.mostOpen, ++fake.open);
    let isOpen = true;
    return Promise.resolve({
      load: async () => load(program, box, options),
      async call(calls) {
        await new Promise((resolve) => setImmediate(resolve));
        return calls.map((call) => answer(call, box));
      },
      output: () => ({ stdout: `out of box ${box}\n`, stderr: "", truncated: false }),
      close() {
        if (isOpen) fake.open--;
        isOpen = false;
        return Promise.resolve();
      },
    });
  }
  return fake;
}
