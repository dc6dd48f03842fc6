/** Finds the answer in what a language model wrote. */

/** Characters that one reply may have. */
export const MAX_REPLY = 20_000;

const OPEN = "<answer>";
const CLOSE = "</answer>";

/** What stands in the last `<answer>` ... `</answer>`, without blanks around it; undefined where there is no such pair. */
export function taggedAnswer(reply: string): string | undefined {
  const close = reply.lastIndexOf(CLOSE);
  const open = close < 0 ? -1 : reply.lastIndexOf(OPEN, close);
  return open < 0 ? undefined : reply.slice(open + OPEN.length, close).trim();
}

/** The tagged answer where tags are asked for, else the whole reply without blanks around it. */
export const answerOf = (reply: string, tags: boolean): string | undefined =>
  tags ? taggedAnswer(reply) : reply.trim();
