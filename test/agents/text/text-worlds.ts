/** Small envs of text for learners, and a tiny net that can answer them. */
import { choice, defineEnv, flag, int, rules, text } from "dojang/env";
import { GymError, type JsonValue } from "dojang/protocol";
import { decoder } from "../../../agents/nets/decoder/decoder.ts";
import { phraseTokenizer } from "../../../agents/text/r1/vocabulary.ts";

const LETTERS = ["a", "b", "c"] as const;

/** A letter by name, where reset options are one. */
const letterOf = (options: JsonValue | undefined): (typeof LETTERS)[number] | undefined =>
  LETTERS.find((letter) => letter === options);

/** Says a letter; the reply should hold it. With turns, a wrong reply is told "no" and may be tried again. */
export const echo = defineEnv({
  id: "Echo-v0",
  params: {
    turns: int(1, { min: 1, max: 20 }),
    faulty: flag(false),
    unsure: int(0, { min: 0, max: 9, doc: "Times that nobody can judge a reply that begins with b." }),
    says: choice("no", ["no", "much"]),
  },
  build({ turns, faulty, unsure, says }) {
    const tries = new WeakMap<object, number>();
    return rules({
      async: unsure > 0,
      action: text({ maxLength: 100 }),
      observation: text({ maxLength: 100 }),
      reset: (rng, options) => ({ letter: letterOf(options) ?? rng.choice(LETTERS), turn: 0, said: "" }),
      step(state, reply) {
        if (faulty && reply.startsWith("b")) throw new GymError("ENV_FAULT", "Echo-v0: b breaks it");
        const tried = tries.get(state) ?? 0;
        tries.set(state, tried + 1);
        if (reply.startsWith("b") && tried < unsure) throw new GymError("VERIFIER_UNAVAILABLE", "Echo-v0: no judge");
        const right = reply.startsWith(state.letter);
        const terminated = right || state.turn + 1 >= turns;
        const rewards = { accuracy: Number(right) };
        return { state: { ...state, turn: state.turn + 1, said: "no" }, reward: Number(right), terminated, rewards };
      },
      observe: ({ letter, turn }) => (turn === 0 ? `say ${letter}: ` : (says === "no" ? "no" : "no".repeat(9)) + ": "),
    });
  },
});

// "aa" is a token of its own: the text of two tokens "a" would come back as one.
export const tokenizer = phraseTokenizer(["a", "b", "c", "aa", "say ", "no", ": "]);

export const net = {
  decoder: decoder({ vocab: tokenizer.vocab, width: 16, layers: 1, heads: 2, context: 32, ffn: 32, positions: "learned" }), // prettier-ignore
  tokenizer,
};
