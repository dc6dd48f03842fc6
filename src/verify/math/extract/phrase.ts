/** "The answer is ...": finds the words that announce an answer and takes what they announce. */
import { mathSpans } from "./scan.ts";
import { firstSentence, narrow, tidy, type Take, type Wanted } from "./prose.ts";

/** Words that announce; each is looked at with what follows. */
const ANNOUNCING = /\banswers?\b|\bcorrect (?:option|choice|value)\b|答案|정답|답(?=은|는)/gi;

/** Between the word and the answer: at most a few words and then "is", ":" or "=". Bounded, so that its backtracking is too. */
const LINK = /^[^\n:=.!?]{0,80}?(?::\**|=|\b(?:is|are|be|equals|was)\b:?|[是为：]|[은는]\s?)/i;

/** What "the answer is" may go on with when it announces nothing. */
const NOTHING =
  /^[\s*]*(?:(?:therefore|thus|also|indeed|clearly)\s)?(?:not|correct|incorrect|right|wrong|reasonable|valid|consistent|verified|confirmed|in the form|in terms of|given|found|obtained|supposed|asked|expected|required|going|being|unknown|unclear|below|above|as follows?:?$|the same|known|already|likely)\b/i;

/** Characters behind the announcement that are looked at. */
const REACH = 4_000;

/** The answer that is announced last (or first), or undefined where none is. */
export function announced(text: string, take: Take, wanted: Wanted): string | undefined {
  const places = Array.from(text.matchAll(ANNOUNCING), ({ index, 0: word }) => index + word.length);
  if (take === "last") places.reverse();
  // What announces nothing is passed over, but not without end: each place costs a look at REACH characters.
  for (const at of places.slice(0, MAX_PLACES)) {
    const found = announcedAt(text.slice(at, at + REACH), wanted);
    if (found !== undefined) return found;
  }
  return undefined;
}

const MAX_PLACES = 32;

function announcedAt(behind: string, wanted: Wanted): string | undefined {
  const link = LINK.exec(behind)?.[0];
  if (link === undefined || NOTHING.test(behind.slice(link.length, link.length + 80))) return undefined;
  const tail = skipDecoration(behind.slice(link.length));
  const [span] = mathSpans(tail);
  // A formula on lines of its own is the answer, whatever its line breaks.
  if (span?.start === 0 && span.display) return span.inner.trim();
  const found = narrow(firstSentence(tail), "first", wanted);
  return tidy(found) === "" ? undefined : found;
}

/** Blanks, line breaks and markdown between the announcement and the answer. */
function skipDecoration(text: string): string {
  let from = 0;
  while (from < text.length && " \t\n\r>_".includes(text[from] ?? "")) from++;
  if (text.startsWith("**", from)) {
    const rest = text.slice(from + 2);
    return /^\s/.test(rest) ? skipDecoration(rest) : text.slice(from);
  }
  return text.slice(from);
}
