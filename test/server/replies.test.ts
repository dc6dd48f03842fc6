/** The memory of numbered requests: what is asked twice runs once, and what is acknowledged is forgotten. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { GymError } from "../../protocol/errors.ts";
import { Replies } from "../../src/server/replies.ts";

const reply = (seq: number): Uint8Array => Uint8Array.of(seq & 0xff, seq >> 8);
const codeOf = (call: () => unknown): string => {
  try {
    call();
    return "none";
  } catch (error) {
    return (error as GymError).code;
  }
};

describe("replies of a window of 4", () => {
  it("let at most 64 requests wait for one step, and answer those", () => {
    const replies = new Replies(4);
    for (let id = 1; id <= 64; id++) replies.accept("env", 1, 0, id);
    expect(codeOf(() => replies.accept("env", 1, 0, 65))).toBe("LIMIT");
    expect(replies.answer(1, reply(1))).toHaveLength(64);
  });

  it("join a request that is under way, whoever asked first, and answer all who asked", () => {
    const replies = new Replies(4);
    for (const seq of [1, 2]) expect(replies.accept("env", seq, 0, 10 + seq).kind).toBe("run");
    expect(replies.accept("env", 1, 0, 20).kind).toBe("join");
    expect(replies.accept("env", 2, 0, 21).kind).toBe("join");
    expect(replies.accept("env", 1, 0, 22).kind).toBe("join");
    expect(replies.answer(2, reply(2))).toEqual([12, 21]);
    expect(replies.answer(1, reply(1))).toEqual([11, 20, 22]);
    expect(replies.accept("env", 1, 0, 30)).toEqual({ kind: "cached", reply: reply(1) });
  });

  it("keep at most 4 beyond the acknowledgement, in order, over a restart too", () => {
    const replies = new Replies(4);
    for (let seq = 1; seq <= 9; seq++) {
      replies.accept("env", seq, Math.max(0, seq - 4), seq);
      replies.answer(seq, reply(seq));
    }
    expect(codeOf(() => replies.accept("env", 10, 5, 10))).toBe("STALE");
    expect(replies.after(0)).toEqual([6, 7, 8, 9].map(reply));
    expect(replies.after(7)).toEqual([8, 9].map(reply));
    expect(new Replies(4, replies.save()).after(0)).toEqual([6, 7, 8, 9].map(reply));
    expect(codeOf(() => replies.accept("env", 5, 5, 99))).toBe("STALE");
  });

  it("keep nothing for a client that acknowledges what it has not got", () => {
    const replies = new Replies(4);
    replies.accept("env", 1, 0, 1);
    for (let seq = 2; seq <= 100; seq++) {
      replies.accept("env", seq, seq - 1, seq);
      expect(replies.answer(seq - 1, reply(seq - 1))).toEqual([seq - 1]);
    }
    expect(replies.save().kept).toEqual([]);
  });

  it("answer any order of requests, repeats, answers and acknowledgements as a plain table would", () => {
    const moves = fc.array(fc.record({ what: fc.constantFrom("new", "again", "answer"), pick: fc.nat(5) }), { maxLength: 60 }); // prettier-ignore
    fc.assert(
      fc.property(moves, (list) => {
        const replies = new Replies(4);
        const asked = new Map<number, number[]>();
        const answered = new Map<number, Uint8Array>();
        let [last, acked, id] = [0, 0, 0];
        for (const { what, pick } of list) {
          if (what === "new") {
            while (answered.has(acked + 1) && pick % 2 === 0) answered.delete(++acked);
            const fits = last + 1 - acked <= 4;
            expect(codeOf(() => replies.accept("env", last + 1, acked, ++id))).toBe(fits ? "none" : "STALE");
            if (fits) asked.set(++last, [id]);
          } else if (what === "again" && last > acked) {
            const seq = acked + 1 + (pick % (last - acked));
            const decision = replies.accept("env", seq, acked, ++id);
            asked.get(seq)?.push(id);
            expect(decision).toEqual(asked.has(seq) ? { kind: "join" } : { kind: "cached", reply: answered.get(seq) });
          } else if (what === "answer" && asked.size > 0) {
            const seq = [...asked.keys()][pick % asked.size] as number;
            expect(replies.answer(seq, reply(seq))).toEqual(asked.get(seq));
            asked.delete(seq);
            answered.set(seq, reply(seq));
          }
          expect(replies.after(0)).toEqual([...answered].sort(([a], [b]) => a - b).map(([, bytes]) => bytes));
        }
      }),
    );
  });
});
