/** Answers with more than mathematics in them: units, money, percent, bases, words, letters, dates. */
import { holds } from "./holds.ts";

holds(
  "units, money, percent, bases",
  [
    ["3 \\text{ cm}", "30 mm"],
    ["3 \\text{ cm}", "3"],
    ["9\\text{ cm}^2", "9 square centimeters"],
    ["10 m/s", "36 km/h"],
    ["5 ft 6 in", "66 inches"],
    ["3 hours 20 minutes", "200 min"],
    ["$1,234.50", "\\$1234.5"],
    ["\\$5", "500 cents"],
    ["5 apples", "5 apple"],
    ["50\\%", "0.5"],
    ["50\\%", "50"],
    ["30^\\circ", "\\pi/6"],
    ["101_2", "(101)_{2}"],
    ["1A_{16}", "1a_{16}"],
    ["204_5", "204_{\\text{five}}"],
  ],
  [
    ["3 \\text{ cm}", "3 \\text{ m}"],
    ["9 cm^2", "9 cm^3"],
    ["5 apples", "5 oranges"],
    ["\\$5", "5 euros"],
    ["50\\%", "5"],
    ["101_2", "101_3"],
    ["101_2", "5"],
    ["101_2", "101"],
  ],
);

holds(
  "words, letters, dates and times",
  [
    ["\\text{Yes}", "yes."],
    ["south-east", "Southeast"],
    ["(B)", "\\text{B}"],
    ["B", "(B) 12"],
    ["\\textbf{(B) }5", "B"],
    ["12", "(B) 12"],
    ["7:30 pm", "19:30"],
    ["12:05\\text{ p.m.}", "12:05 PM"],
    ["July 4, 2021", "2021-07-04"],
    ["04/07/2021", "04/07/2021"],
    ["25/12/2020", "December 25, 2020"],
  ],
  [
    ["yes", "no"],
    ["no", "on"],
    ["(B)", "(C)"],
    ["12", "(B) 13"],
    ["12:05 am", "12:05 pm"],
    ["July 4, 2021", "4/7/2021"],
    ["ABC", "BCA"],
    ["blue", "5"],
  ],
);
