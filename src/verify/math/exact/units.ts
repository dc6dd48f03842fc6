/** Units of measure: their dimensions, exact scales and many names; unknown nouns count as units of their own. */
import { divRat, mulRat, ONE, powRat, type Rat, rat } from "./rational.ts";
import { table } from "./names.ts";

export interface Unit {
  /** Base unit -> power; a counted noun is a base unit of its own ("noun:apple"). */
  readonly dims: ReadonlyMap<string, number>;
  /** How many base units one of these is. */
  readonly scale: Rat;
  readonly name: string;
}

// name  scale  dimensions: one definition each; the long names and plurals follow in SAME.
const DEFINED = `
m 1 m|km 1000 m|cm 1/100 m|mm 1/1000 m|dm 1/10 m|um 1/1000000 m|nm 1/1000000000 m
in 254/10000 m|ft 3048/10000 m|yd 9144/10000 m|mi 1609344/1000 m|nmi 1852 m
kg 1 kg|g 1/1000 kg|mg 1/1000000 kg|ton 1000 kg|lb 45359237/100000000 kg|oz 45359237/1600000000 kg
s 1 s|ms 1/1000 s|min 60 s|h 3600 s|day 86400 s|week 604800 s|month 1 month|year 12 month|decade 120 month|century 1200 month
a 100 m^2|ha 10000 m^2|acre 40468564224/10000000 m^2
l 1/1000 m^3|ml 1/1000000 m^3|cl 1/100000 m^3|dl 1/10000 m^3|cc 1/1000000 m^3
gal 473176473/125000000000 m^3|qt 473176473/500000000000 m^3|pt 473176473/1000000000000 m^3|cup 473176473/2000000000000 m^3
mph 44704/100000 m*s^-1|kph 5/18 m*s^-1
N 1 kg*m*s^-2|kN 1000 kg*m*s^-2|J 1 kg*m^2*s^-2|kJ 1000 kg*m^2*s^-2|MJ 1000000 kg*m^2*s^-2|kWh 3600000 kg*m^2*s^-2
cal 4184/1000 kg*m^2*s^-2|kcal 4184 kg*m^2*s^-2|W 1 kg*m^2*s^-3|kW 1000 kg*m^2*s^-3|MW 1000000 kg*m^2*s^-3|eV 1 eV
Pa 1 kg*m^-1*s^-2|kPa 1000 kg*m^-1*s^-2|MPa 1000000 kg*m^-1*s^-2|atm 101325 kg*m^-1*s^-2|bar 100000 kg*m^-1*s^-2
A 1 A|mA 1/1000 A|C 1 A*s|V 1 kg*m^2*s^-3*A^-1|kV 1000 kg*m^2*s^-3*A^-1|ohm 1 kg*m^2*s^-3*A^-2|F 1 kg^-1*m^-2*s^4*A^2
Hz 1 s^-1|kHz 1000 s^-1|MHz 1000000 s^-1|GHz 1000000000 s^-1|rpm 1/60 s^-1|K 1 K|mol 1 mol
degree 1 degree|arcmin 1/60 degree|arcsec 1/3600 degree|celsius 1 celsius|fahrenheit 1 fahrenheit
bit 1 bit|byte 8 bit|kb 8000 bit|mb 8000000 bit|gb 8000000000 bit
dollar 1 dollar|cent 1/100 dollar|euro 1 euro|gbp 1 gbp|yen 1 yen|rupee 1 rupee|yuan 1 yuan|dozen 12 one|rad 1 one|unit 1 one|percent 1/100 one`;

const SAME = table(`meter m metre m kilometer km kilometre km centimeter cm centimetre cm millimeter mm millimetre mm
  decimeter dm micrometer um micron um nanometer nm inch in inche in foot ft feet ft yard yd mile mi
  kilogram kg kilo kg gram g gramme g milligram mg tonne ton pound lb ounce oz second s sec s millisecond ms
  minute min mins min hour h hr h hrs h d day days day wk week mo month yr year yrs year
  are a hectare ha liter l litre l L l milliliter ml millilitre ml mL ml centiliter cl cL cl deciliter dl dL dl gallon gal
  quart qt pint pt newton N joule J kilojoule kJ watt W kilowatt kW megawatt MW pascal Pa kilopascal kPa
  ampere A amp A coulomb C volt V farad F hertz Hz kelvin K mole mol deg degree degrees degree arcminute arcmin
  arcsecond arcsec Celsius celsius Fahrenheit fahrenheit B byte KB kb kB kb MB mb GB gb kilobyte kb megabyte mb gigabyte gb
  dollars dollar USD dollar usd dollar buck dollar cents cent penny cent pennies cent EUR euro eur euro GBP gbp
  JPY yen INR rupee CNY yuan RMB yuan radian rad units unit miles mi km/h kph kmh kph kmph kph centurie century
  centuries century sqft ft`);

const units = new Map<string, Unit>();
for (const line of DEFINED.trim().split(/[|\n]/)) {
  const [name, scale, dims] = line.split(" ") as [string, string, string];
  const [n, d] = scale.split("/");
  units.set(name, { dims: dimensions(dims), scale: rat(BigInt(n!), BigInt(d ?? "1")), name });
}
for (const [name, like] of SAME) units.set(name, units.get(like)!);

function dimensions(text: string): ReadonlyMap<string, number> {
  if (text === "one") return new Map();
  return new Map(
    text.split("*").map((part) => {
      const [base, power] = part.split("^");
      return [base!, Number(power ?? 1)] as const;
    }),
  );
}

export const NO_UNIT: Unit = { dims: new Map(), scale: ONE, name: "" };
export const DEGREE = units.get("degree")!;

/** Currency signs that stand before or after a number. */
export const CURRENCIES: ReadonlyMap<string, Unit> = new Map(
  [...table("$ dollar € euro £ gbp ¥ yen ¢ cent")].map(([sign, name]) => [sign, units.get(name)!]),
);

/** The unit with this name, singular or plural, else null. */
export function knownUnit(word: string): Unit | null {
  const exact = units.get(word);
  if (exact !== undefined) return exact;
  const lower = word.toLowerCase();
  if (word.length < 3) return null;
  return units.get(lower) ?? units.get(lower.replace(/s$/, "")) ?? units.get(lower.replace(/es$/, "")) ?? null;
}

/** A unit that counts things: "apples", "red balls". */
export function countedNoun(words: string): Unit {
  const noun = words
    .toLowerCase()
    .split(/\s+/)
    .map((word) => singular(word))
    .join(" ");
  return { dims: new Map([[`noun:${noun}`, 1]]), scale: ONE, name: noun };
}

const IRREGULAR = table("people person children child men man women woman feet foot mice mouse dice die geese goose");

function singular(word: string): string {
  const known = IRREGULAR.get(word);
  if (known !== undefined) return known;
  if (word.endsWith("ies") && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:s|x|ch|sh)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}

export function timesUnit(a: Unit, b: Unit, power: number): Unit {
  const dims = new Map(a.dims);
  for (const [base, n] of b.dims) {
    const sum = (dims.get(base) ?? 0) + n * power;
    if (sum === 0) dims.delete(base);
    else dims.set(base, sum);
  }
  const name = `${a.name}${a.name === "" ? "" : " "}${b.name}${power === 1 ? "" : `^${power}`}`;
  return { dims, scale: mulRat(a.scale, powRat(b.scale, BigInt(power))), name };
}

export function sameDimensions(a: Unit, b: Unit): boolean {
  if (a.dims.size !== b.dims.size) return false;
  for (const [base, power] of a.dims) if (b.dims.get(base) !== power) return false;
  return true;
}

/** How many of b one a is; both of the same dimensions. */
export function conversion(a: Unit, b: Unit): Rat {
  return divRat(a.scale, b.scale);
}
