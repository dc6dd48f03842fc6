/** An agent in a process of its own that steps CartPole-v1 with random actions, on a server or in process. */
import type { Client, Env } from "../../src/client/env.ts";
import { connect } from "../../src/client/index.ts";
import { local } from "../../src/client/local/index.ts";
import { answerParent } from "./processes.ts";

interface Start {
  /** Absent: an env in this process. */
  readonly url?: string;
  readonly num: number;
}

let client: Client | undefined;
let env: Env | undefined;

const answers = {
  async start({ url, num }: Start): Promise<void> {
    client = url === undefined ? local() : connect(url);
    env = await client.make("CartPole-v1", { num, seed: 1, autoreset: "same-step" });
    await env.reset();
  },
  /** Steps all rows `frames` times, one frame at a time with fresh actions; gives transitions a second. */
  async rate({ frames }: { readonly frames: number }): Promise<number> {
    if (env === undefined) throw new Error("expected start before rate");
    const actions = new Int32Array(env.num);
    let steps = 0;
    const began = performance.now();
    for (let i = 0; i < frames; i++) {
      draw(actions);
      const { status } = await env.step(actions);
      for (let row = 0; row < status.length; row++) if (status[row] === 0) steps++;
    }
    return (steps / (performance.now() - began)) * 1000;
  },
  stop: (): Promise<void> | undefined => client?.close(),
};

let state = 0x9e3779b9;

/** Fair coins from xorshift32: drawing them must not be what is measured. */
function draw(actions: Int32Array): void {
  let x = state;
  for (let i = 0; i < actions.length; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    actions[i] = (x >>> 16) & 1;
  }
  state = x;
}

export type AgentAnswers = typeof answers;
answerParent(answers);
