/** Dates and times of day in their usual writings, as one key each; ambiguous ones keep their own writing. */

const MONTHS = "january february march april may june july august september october november december".split(" ");
const NAME = `(?:${MONTHS.map((month) => `${month}|${month.slice(0, 3)}\\.?`).join("|")}|sept\\.?)`;
const ISO = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/;
const SLASHED = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})$/;
const MONTH_DAY = new RegExp(`^(${NAME})\\s+(\\d{1,2})(?:st|nd|rd|th)?(?:,?\\s+(\\d{4}))?$`);
const DAY_MONTH = new RegExp(`^(\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?(${NAME})(?:,?\\s+(\\d{4}))?$`);
const MONTH_YEAR = new RegExp(`^(${NAME}),?\\s+(\\d{4})$`);
const WEEKDAY = /^(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+/;
const TIME = /^(\d{1,2})(?:[:.](\d{2}))?(?:[:.](\d{2}))?\s*(?:(a\.?m\.?|p\.?m\.?)|(h|hrs?|hours)?)$/;
const BARE_TIME = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/;

function plain(text: string): string {
  return text
    .replace(/\\(?:text|textrm|textbf|mathrm|mbox|operatorname)\s*\{([^{}]*)\}/g, " $1 ")
    .replace(/\\[,;:! ]|~|\\q?quad|[{}^]/g, " ")
    .replace(/\s+/g, " ")
    .replace(/\s*([:,])\s*(?=\d)/g, (_, sign: string) => (sign === "," ? ", " : sign))
    .trim()
    .toLowerCase();
}

/** "2021-07-04", "07-04" or "2021-07" for a date; an ambiguous one such as 07/04/2021 as written; else null. */
export function readDate(text: string): string | null {
  if (!/\d/.test(text) || text.length > 60) return null;
  const date = plain(text).replace(WEEKDAY, "");
  const iso = ISO.exec(date);
  if (iso !== null) return dateKey(iso[1], Number(iso[2]), Number(iso[3]));
  const slashed = SLASHED.exec(date);
  if (slashed !== null) return fromSlashes(slashed);
  const monthDay = MONTH_DAY.exec(date);
  if (monthDay !== null) return dateKey(monthDay[3], monthNumber(monthDay[1]!), Number(monthDay[2]));
  const dayMonth = DAY_MONTH.exec(date);
  if (dayMonth !== null) return dateKey(dayMonth[3], monthNumber(dayMonth[2]!), Number(dayMonth[1]));
  const monthYear = MONTH_YEAR.exec(date);
  return monthYear === null ? null : `${monthYear[2]!}-${two(monthNumber(monthYear[1]!))}`;
}

function fromSlashes([, first, , second, year]: RegExpExecArray): string | null {
  const [a, b] = [Number(first), Number(second)];
  if (a > 12 && b <= 12) return dateKey(year, b, a);
  if (b > 12 && a <= 12) return dateKey(year, a, b);
  if (a === b) return dateKey(year, a, b);
  // Month first or day first: only the same writing is the same date.
  return a >= 1 && b >= 1 && a <= 12 && b <= 12 ? `${two(a)}/${two(b)}/${year!}?` : null;
}

function monthNumber(name: string): number {
  return MONTHS.findIndex((month) => month.startsWith(name.slice(0, 3))) + 1;
}

function dateKey(year: string | undefined, month: number, day: number): string | null {
  if (month < 1 || month > 12 || day < 1 || day > 31) return null;
  return `${year === undefined ? "" : `${year}-`}${two(month)}-${two(day)}`;
}

function two(n: number): string {
  return String(n).padStart(2, "0");
}

export interface Time {
  /** Seconds since midnight. */
  readonly seconds: number;
  /** Written so that it can only be a time of day: with am or pm, or with seconds. */
  readonly sure: boolean;
}

export function readTime(text: string): Time | null {
  if (!/\d/.test(text) || text.length > 60) return null;
  const time = plain(text)
    .replace(/\bnoon\b/, "pm")
    .replace(/\bmidnight\b/, "am");
  const found = TIME.exec(time);
  if (found === null) return null;
  const [, h, m, s, half] = found;
  if (half === undefined && !BARE_TIME.test(time)) return null;
  const hour = Number(h);
  if (Number(m ?? 0) > 59 || Number(s ?? 0) > 59 || hour > 24 || (half !== undefined && (hour < 1 || hour > 12)))
    return null;
  const shift = half === undefined ? hour : (hour % 12) + (half.startsWith("p") ? 12 : 0);
  return { seconds: (shift * 60 + Number(m ?? 0)) * 60 + Number(s ?? 0), sure: half !== undefined || s !== undefined };
}
