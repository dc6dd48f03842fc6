/** Families of answers with words in them: units, bases, choices, text, dates and times. */
import { digits, digitsKey } from "./digits.ts";
import { family } from "./pair.ts";
import { decimalOf, ratio, type Ratio } from "./writings.ts";

/** Writings of one unit; the first names it. */
const UNITS: readonly (readonly string[])[] = [
  ["\\text{ cm}", " cm", "\\,\\mathrm{cm}", " \\text{ centimeters}", " centimeters"],
  ["\\text{ kg}", " kg", "\\,\\text{kg}", " kilograms", " \\text{ kilograms}"],
  ["\\text{ miles}", " miles", "\\text{ mi}", " \\mathrm{miles}"],
  ["\\text{ hours}", " hours", "\\text{ h}", " \\mbox{ hours}"],
  ["\\text{ cm}^2", " cm^2", "\\,\\mathrm{cm}^2", " \\text{ square centimeters}", " cm²"],
  ["\\text{ m/s}", " m/s", "\\,\\mathrm{m/s}", " \\text{ meters per second}"],
  ["^\\circ", "^{\\circ}", "°", " degrees", "\\text{ degrees}"],
];
const DOLLARS = 99;

interface Quantity {
  readonly value: Ratio;
  readonly unit: number;
}

export const units = family<Quantity>({
  name: "unit and currency",
  item: (draws) => ({
    value: ratio(draws.int(1, 900), draws.pick([1, 1, 2, 4, 5])),
    unit: draws.chance(1, 4) ? DOLLARS : draws.int(0, UNITS.length - 1),
  }),
  write({ value, unit }, draws) {
    const number = decimalOf(value) ?? "";
    if (unit === DOLLARS)
      return draws.pick([
        `\\$${number}`,
        `$${number}`,
        `${number} dollars`,
        `${number}\\text{ dollars}`,
        `\\$ ${number}`,
      ]);
    return number + draws.pick(UNITS[unit] ?? [""]);
  },
  miss: ({ value, unit }, draws) =>
    draws.pick([
      { value: ratio(value.n + value.d, value.d), unit },
      { value: ratio(10 * value.n, value.d), unit },
      { value, unit: unit === DOLLARS ? 0 : unit === 0 ? 1 : unit === 1 ? 3 : DOLLARS },
      { value: ratio(value.n, 2 * value.d), unit },
    ]),
  key: ({ value: { n, d }, unit }) => `${digitsKey(digits(n).div(d))} ${String(unit)}`,
});

interface Based {
  readonly n: number;
  readonly base: number;
}

export const bases = family<Based>({
  name: "base n",
  item: (draws) => ({ n: draws.int(20, 4000), base: draws.pick([2, 3, 4, 5, 6, 7, 8, 9]) }),
  write({ n, base }, draws) {
    const text = n.toString(base);
    return draws.pick([
      `${text}_${String(base)}`,
      `${text}_{${String(base)}}`,
      `(${text})_{${String(base)}}`,
      `$${text}_${String(base)}$`,
      `${text}_{(${String(base)})}`,
    ]);
  },
  miss: ({ n, base }, draws) =>
    draws.pick([
      { n: n + 1, base },
      { n: n + base, base },
      { n: Number.parseInt(n.toString(base), Math.min(10, base + 1)), base: Math.min(10, base + 1) },
    ]),
  key: ({ n }) => digitsKey(digits(n)),
});

export const choices = family<string>({
  name: "letter of a choice",
  item: (draws) => draws.pick(["A", "B", "C", "D", "E"]),
  write: (letter, draws) =>
    draws.pick([
      letter,
      `(${letter})`,
      `\\text{${letter}}`,
      `\\text{(${letter})}`,
      `\\textbf{(${letter})}`,
      `${letter}.`,
      `${letter})`,
      `\\mathrm{${letter}}`,
      `\\mathbf{${letter}}`,
      `**${letter}**`,
      `(\\text{${letter}})`,
    ]),
  miss: (letter, draws) => draws.pick(["A", "B", "C", "D", "E"].filter((other) => other !== letter)),
  key: (letter) => letter,
});

const WORDS = [
  "even",
  "odd",
  "Monday",
  "Tuesday",
  "blue",
  "red",
  "ellipse",
  "parabola",
  "circle",
  "isosceles",
  "Evelyn",
  "Navin",
  "yes",
  "no",
  "east",
  "west",
  "always",
  "never",
  "quadratic",
  "linear",
];

export const textAnswers = family<readonly string[]>({
  name: "text",
  item: (draws) => (draws.chance(1, 3) ? [draws.pick(WORDS), draws.pick(WORDS)] : [draws.pick(WORDS)]),
  write(words, draws) {
    const plain = words.join(" ");
    const capital = plain.charAt(0).toUpperCase() + plain.slice(1);
    return draws.pick([
      `\\text{${plain}}`,
      plain,
      capital,
      `\\text{${capital}}`,
      `\\textbf{${plain}}`,
      `\\mathrm{${words.join("\\ ")}}`,
      `\\text{ ${plain} }`,
      `${plain}.`,
      `**${plain}**`,
    ]);
  },
  miss: (words, draws) =>
    draws.pick([
      [...words, draws.pick(WORDS)],
      ["not", ...words],
      words.map((_, i) => (i === 0 ? draws.pick(WORDS) : (words[i] ?? ""))),
      [...words].reverse(),
    ]),
  key: (words) => words.join(" ").toLowerCase(),
});

interface Clock {
  readonly hour: number;
  readonly minute: number;
}

export const times = family<Clock>({
  name: "time",
  item: (draws) => ({ hour: draws.int(0, 23), minute: draws.int(0, 59) }),
  write({ hour, minute }, draws) {
    const half = hour < 12 ? draws.pick(["am", "a.m.", "AM", "A.M."]) : draws.pick(["pm", "p.m.", "PM", "P.M."]);
    const twelve = `${String(hour % 12 === 0 ? 12 : hour % 12)}:${String(minute).padStart(2, "0")}`;
    return draws.pick([
      `${twelve} ${half}`,
      `\\text{${twelve} ${half}}`,
      `${twelve}\\text{ ${half}}`,
      `${twelve.replace(":", "{:}")}\\text{ ${half}}`,
      `${twelve}\\ \\text{${half}}`,
      `${twelve}${half}`,
    ]);
  },
  miss: ({ hour, minute }, draws) =>
    draws.pick([
      { hour: (hour + 12) % 24, minute },
      { hour: (hour + 1) % 24, minute },
      { hour, minute: (minute + 1) % 60 },
      { hour, minute: (minute + 30) % 60 },
    ]),
  key: ({ hour, minute }) => String(60 * hour + minute),
});

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export const dates = family<Day>({
  name: "date",
  item: (draws) => ({ year: draws.int(1900, 2100), month: draws.int(0, 11), day: draws.int(1, 28) }),
  write({ year, month, day }, draws) {
    const name = MONTHS[month] ?? "";
    const [d, y] = [String(day), String(year)];
    return draws.pick([
      `${name} ${d}, ${y}`,
      `\\text{${name} ${d}, ${y}}`,
      `${d} ${name} ${y}`,
      `${name.slice(0, 3)} ${d}, ${y}`,
      `${y}-${String(month + 1).padStart(2, "0")}-${d.padStart(2, "0")}`,
      `\\text{${name} }${d}, ${y}`,
    ]);
  },
  miss: ({ year, month, day }, draws) =>
    draws.pick([
      { year: year + 1, month, day },
      { year, month: (month + 1) % 12, day },
      { year, month, day: (day % 28) + 1 },
    ]),
  key: ({ year, month, day }) => `${String(year)} ${String(month)} ${String(day)}`,
});
