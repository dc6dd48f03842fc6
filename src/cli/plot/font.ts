/** Letters as strokes of a pen, for pictures in pixels: any size, no font file. */
import type { Spot, Text } from "./scene.ts";

/** Strokes of each glyph, with blanks between; a stroke is pairs of digits, x 0..4 and y 0..8 (0 the top, 6 the base line). */
const GLYPHS: Readonly<Record<string, string>> = {
  A: "062046 1434", B: "00063645443303 0030414233", C: "4130100105163645", D: "00062644422000", E: "40000646 0333", F: "400006 0333", G: "41301001051636454323", H: "0006 4046 0343", I: "1030 2026 1636", J: "3035261605", K: "0006 4003 1346", L: "000646", M: "0600234046", N: "06004640", O: "103041453616050110", P: "06003041423303", Q: "103041453616050110 2446", R: "06003041423303 2346", S: "413010010213334445361605", T: "0040 2026", U: "000516364540", V: "002640", W: "0016233640", X: "0046 4006", Y: "002340 2326", Z: "00400646",
  a: "12324346 441405163645", b: "0006 0312324345361605", c: "4332120305163645", d: "4046 4332120305163645", e: "04444332120305163645", f: "30201116 0232", g: "4332120305163645 4247381807", h: "0006 0312324346", i: "2020 2226", j: "3030 32372818", k: "0006 4204 2346", l: "10202536", m: "0206 03122326 23324346", n: "0206 0312324346", o: "123243453616050312", p: "0208 0312324345361605", q: "4248 4332120305163645", r: "0206 04223243", s: "43321203143445361605", t: "10152636 0232", u: "0205163645 4246", v: "022642", w: "0216233642", x: "0246 4206", y: "0226 4218", z: "02420646",
  "0": "103041453616050110 1531", "1": "012026 0646", "2": "01103041420646", "3": "0110304142334445361605 1333", "4": "36300444", "5": "400002324345361605", "6": "4130100105163645443303", "7": "004016", "8": "103041423313020110 1304051636454433", "9": "4313020110304145361605",
  ".": "2626", ",": "2617", ":": "2222 2626", ";": "2222 2617", "-": "1333", "+": "2125 0343", "±": "2024 0242 0646", "=": "0242 0444", _: "0747", "/": "0640", "\\": "0046", "|": "2028", "(": "20111526", ")": "20313526", "[": "30101636", "]": "10303616", "%": "0640 0010110100 3545463635", "*": "2125 0244 0442", "<": "410345", ">": "014305", "#": "1016 3036 0242 0444", "'": "2021", '"': "1011 3031", "!": "2024 2626", "?": "01103041422324 2626", "~": "03123342",
}; // prettier-ignore

const UNKNOWN = "0040460600";

/** Units of the grid: in a letter's height above the base line, and from one letter to the next. */
const BASE = 6;
const ADVANCE = 5.8;
/** Pixels of a unit in a text of size 1. */
const UNIT = 0.115;

/** Width of a text in pixels. */
export const textWidth = (text: string, size: number): number => Array.from(text).length * ADVANCE * UNIT * size;

/** The strokes of a text where it stands. */
export function strokesOf({ text, at: [x, y], anchor, size }: Text): Spot[][] {
  const unit = UNIT * size;
  const shift = { start: 0, middle: 0.5, end: 1 }[anchor];
  const left = x - shift * textWidth(text, size);
  return Array.from(text).flatMap((letter, i) => {
    if (letter === " ") return [];
    const strokes = (GLYPHS[letter] ?? UNKNOWN).split(" ");
    return strokes.map((stroke) =>
      Array.from({ length: stroke.length / 2 }, (_, k): Spot => {
        const [column, row] = [Number(stroke[2 * k]), Number(stroke[2 * k + 1])];
        return [left + (i * ADVANCE + column) * unit, y + (row - BASE) * unit];
      }),
    );
  });
}
