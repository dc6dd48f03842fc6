/** Sends hostile frames from a process of its own, each only when the last was answered, and counts what comes of them. */
import { constants, setPriority } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { encodeRequest } from "../../protocol/codec.ts";
import { ERROR_CODES, isErrorCode } from "../../protocol/errors.ts";
import { hostileFrames, type HostileFrame } from "./hostile-frames.ts";
import { loopback } from "./load-socket.ts";
import { answerParent } from "./processes.ts";
import { RawPeer } from "./raw-peer.ts";

interface Fuzz {
  readonly url: string;
  readonly frames: number;
  readonly seed: number;
  /** Connections at once. */
  readonly lanes: number;
}

export interface Fuzzed {
  readonly frames: number;
  /** Error code, `answered` or the reason of a close without a message -> frames. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Frames that nothing came of, the first few as hex. */
  readonly silent: number;
  readonly examples: readonly string[];
}

/** Milliseconds without an answer and without a close after which a frame counts as lost. */
const SILENCE_MS = 10_000;
const BATCH = 500;
const MAKE = encodeRequest({ op: "make", id: 2, env: "CartPole-v1", num: 1, seed: 1 });
const RESET = encodeRequest({ op: "reset", id: 3, env: 1 });

async function fuzz({ url, frames, seed, lanes }: Fuzz): Promise<Fuzzed> {
  const outcomes: Record<string, number> = {};
  const lost: HostileFrame[] = [];
  let sent = 0;
  let silent = 0;
  const lane = async (n: number): Promise<void> => {
    let peer: RawPeer | undefined;
    for (let batch = 0; sent < frames; batch++) {
      for (const frame of hostileFrames(BATCH, seed + lanes * batch + n)) {
        if (sent++ >= frames) break;
        // Whatever a socket says first without hello ends it.
        if (peer?.isOpen !== true || !peer.greeted) {
          peer?.socket.terminate();
          peer = await connected(url, sent);
        }
        const outcome = await outcomeOf(peer, frame);
        if (outcome === undefined) {
          silent++;
          lost.push(frame);
          peer.socket.terminate();
          peer = undefined;
        } else outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      }
    }
    peer?.socket.terminate();
  };
  await Promise.all(Array.from({ length: lanes }, (_, n) => lane(n)));
  return { frames: Math.min(sent, frames), outcomes, silent, examples: lost.slice(0, 5).map(hex) };
}

/** One in eight has not said hello, one in four has an env. */
async function connected(url: string, n: number): Promise<RawPeer> {
  const address = loopback(n);
  if (n % 8 === 0) return await RawPeer.open(url, address);
  const peer = await RawPeer.hello(url, address);
  if (n % 4 !== 1) return peer;
  await peer.ask(MAKE);
  await peer.ask(RESET);
  return peer;
}

/** What the server made of a frame; undefined where that was nothing at all, or a code that closes without a close. */
async function outcomeOf(peer: RawPeer, frame: HostileFrame): Promise<string | undefined> {
  const answer = await inTime(peer.ask(frame));
  if (answer === SILENCE) return undefined;
  if (answer === undefined) return `closed ${await peer.closed}`;
  if (answer.op !== "error") return "answered";
  // The next frame is for a connection that is open.
  const closes = isErrorCode(answer.code) && ERROR_CODES[answer.code].closes;
  return closes && (await inTime(peer.closed)) === SILENCE ? undefined : answer.code;
}

const SILENCE = Symbol("silence");

async function inTime<T>(answer: Promise<T>): Promise<T | typeof SILENCE> {
  const stop = new AbortController();
  const silence = delay(SILENCE_MS, SILENCE, { signal: stop.signal }).catch((): typeof SILENCE => SILENCE);
  try {
    return await Promise.race([answer, silence]);
  } finally {
    stop.abort();
  }
}

const hex = (frame: HostileFrame): string => (typeof frame === "string" ? frame : Buffer.from(frame).toString("hex")).slice(0, 400); // prettier-ignore

// An attacker has a machine of its own: here it must not take the neighbour's processor, only the server's time.
setPriority(constants.priority.PRIORITY_LOW);

const answers = { fuzz };

export type FuzzAnswers = typeof answers;
answerParent(answers);
