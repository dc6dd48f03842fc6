/** The value of an expression as a complex ball; variables get given rational values. */
import type { Node } from "../ast.ts";
import { baseValue } from "../discrete.ts";
import { foldRational } from "../fold.ts";
import type { Rat } from "../rational.ts";
import { rat } from "../rational.ts";
import { DEGREE } from "../units.ts";
import { spend, Unsupported } from "../work.ts";
import { discreteValue } from "../discrete.ts";
import { type Ball, divB, fromInt, mulB, negB, signB, subB, Imprecise, rootB } from "./ball.ts";
import {
  absC,
  addC,
  argC,
  type Complex,
  cosC,
  divC,
  expC,
  fromRational,
  I_C,
  isReal,
  logC,
  mulC,
  negC,
  ONE_C,
  powC,
  real,
  rootC,
  sinC,
} from "./complex.ts";
import { atanB, expB, piB } from "./functions.ts";

/** The expression has no real value at this point. */
export class Undefined extends Error {
  override readonly name = "Undefined";
}

export interface Point {
  readonly values: ReadonlyMap<string, Rat>;
  /** Only real intermediate values count: a root or logarithm of a negative number is undefined. */
  readonly realOnly: boolean;
}

export const NO_POINT: Point = { values: new Map(), realOnly: false };

/** @throws {Imprecise} at this precision; {Undefined}; {Unsupported} for what has no numeric value */
export function evaluateBall(node: Node, point: Point): Complex {
  spend(2);
  const at = (part: Node): Complex => evaluateBall(part, point);
  switch (node.k) {
    case "num":
      return fromRational(node.v);
    case "base":
      return real(fromInt(baseValue(node.digits, node.base)));
    case "sym": {
      const value = point.values.get(node.name);
      if (value === undefined) throw new Unsupported(node.name);
      return fromRational(value);
    }
    case "const":
      return constantBall(node.name);
    case "neg":
      return negC(at(node.a));
    case "add":
      return node.args.map(at).reduce(addC);
    case "mul":
      return node.args.map(at).reduce(mulC);
    case "div":
      return divC(at(node.a), at(node.b));
    case "pow":
      return powerBall(node.a, node.b, point);
    case "root":
      return rootBall(at(node.a), node.n, point);
    case "percent":
      return divC(at(node.a), real(fromInt(100n)));
    case "qty":
      if (node.unit !== DEGREE) throw new Unsupported("unit");
      return mulC(at(node.a), real(divB(piB(), fromInt(180n))));
    case "fn":
      return functionBall(node.name, node.args, point);
    default:
      throw new Unsupported(node.k);
  }
}

function constantBall(name: "pi" | "e" | "i" | "inf"): Complex {
  if (name === "pi") return real(piB());
  if (name === "e") return real(expB(fromInt(1n)));
  if (name === "i") return I_C;
  throw new Unsupported("infinity");
}

function rootBall(a: Complex, n: number, point: Point): Complex {
  if (point.realOnly && n % 2 === 0 && signB(a.re) === -1) throw new Undefined("root");
  return rootC(a, n);
}

function powerBall(base: Node, exponent: Node, point: Point): Complex {
  const k = foldRational(exponent);
  if (k !== null && k.d === 1n) {
    const whole = evaluateBall(base, point);
    if (k.n <= 0n && isReal(whole) && signB(whole.re) === 0)
      throw new Undefined("zero to a power that is not positive");
    return powC(whole, k.n);
  }
  if (k !== null) {
    if (k.d > 1000n) throw new Unsupported("root index");
    return powC(rootBall(evaluateBall(base, point), Number(k.d), point), k.n);
  }
  const b = evaluateBall(exponent, point);
  if (base.k === "const" && base.name === "e") return expC(b);
  return expC(mulC(b, logarithm(evaluateBall(base, point), point)));
}

function logarithm(a: Complex, point: Point): Complex {
  if (point.realOnly && signB(a.re) === -1) throw new Undefined("logarithm");
  return logC(a);
}

function functionBall(name: string, nodes: readonly Node[], point: Point): Complex {
  const exact = exactValue(name, nodes);
  if (exact !== null) return fromRational(exact);
  const args = nodes.map((node) => evaluateBall(node, point));
  const [a, b] = args as [Complex, Complex | undefined];
  switch (name) {
    case "ln":
      return logarithm(a, point);
    case "lg":
      return divC(logarithm(a, point), logC(fromRational(rat(10))));
    case "log2":
      return divC(logarithm(a, point), logC(fromRational(rat(2))));
    case "log":
      return divC(logarithm(a, point), b === undefined ? logC(fromRational(rat(10))) : logarithm(b, point));
    case "exp":
      return expC(a);
    case "abs":
      return real(absC(a));
    case "arg":
      return real(argC(a));
    case "Re":
      return real(a.re);
    case "Im":
      return real(a.im);
    case "sgn":
      return signOf(a);
    default:
      return trigonometric(name, a, point);
  }
}

function exactValue(name: string, nodes: readonly Node[]): Rat | null {
  const args = nodes.map((node) => foldRational(node));
  return args.every((arg) => arg !== null) ? discreteValue(name, args) : null;
}

function signOf(a: Complex): Complex {
  const sign = isReal(a) ? signB(a.re) : null;
  if (sign === null) throw new Imprecise("sign");
  return real(fromInt(BigInt(sign)));
}

function trigonometric(name: string, a: Complex, point: Point): Complex {
  switch (name) {
    case "sin":
      return sinC(a);
    case "cos":
      return cosC(a);
    case "tan":
      return divC(sinC(a), cosC(a));
    case "cot":
      return divC(cosC(a), sinC(a));
    case "sec":
      return divC(ONE_C, cosC(a));
    case "csc":
      return divC(ONE_C, sinC(a));
    default:
      return name.startsWith("arc") ? real(inverse(name, realPart(a, point))) : hyperbolicBall(name, a);
  }
}

function realPart(a: Complex, _point: Point): Ball {
  if (!isReal(a)) throw new Unsupported("inverse function of a complex number");
  return a.re;
}

function hyperbolicBall(name: string, a: Complex): Complex {
  const [up, down] = [expC(a), expC(negC(a))];
  const two = real(fromInt(2n));
  const [s, c] = [divC(addC(up, negC(down)), two), divC(addC(up, down), two)];
  if (name === "sinh") return s;
  if (name === "cosh") return c;
  if (name === "tanh") return divC(s, c);
  if (name === "coth") return divC(c, s);
  if (name === "sech") return divC(ONE_C, c);
  if (name === "csch") return divC(ONE_C, s);
  throw new Unsupported(name);
}

/** Inverse functions by atan and log. @throws {Undefined} outside their real domain */
function inverse(name: string, x: Ball): Ball {
  const one = fromInt(1n);
  const square = mulB(x, x);
  if (name === "arctan") return atanB(x);
  if (name === "arccot") return subB(halfPi(), atanB(x));
  if (name === "arcsin" || name === "arccos") {
    const rest = subB(one, square);
    if (signB(rest) === -1) throw new Undefined(name);
    const angle = signB(rest) === 1 ? atanB(divB(x, rootB(rest, 2))) : edge(x);
    return name === "arcsin" ? angle : subB(halfPi(), angle);
  }
  if (name === "arcsec") return inverse("arccos", divB(one, x));
  if (name === "arccsc") return inverse("arcsin", divB(one, x));
  return inverseHyperbolic(name, x);
}

function inverseHyperbolic(name: string, x: Ball): Ball {
  const one = real(fromInt(1n));
  const X = real(x);
  if (name === "arcsinh") return logC(addC(X, rootC(addC(mulC(X, X), one), 2))).re;
  if (name === "arccosh") {
    if (signB(subB(x, one.re)) === -1) throw new Undefined(name);
    return logC(addC(X, rootC(addC(mulC(X, X), negC(one)), 2))).re;
  }
  if (name !== "arctanh") throw new Unsupported(name);
  const ratio = divC(addC(one, X), addC(one, negC(X)));
  if (signB(ratio.re) !== 1) throw new Undefined(name);
  return mulB(logC(ratio).re, { m: 1n, r: 0n, e: -1 });
}

function halfPi(): Ball {
  const pi = piB();
  return { ...pi, e: pi.e - 1 };
}

/** arcsin at exactly 1 or -1. */
function edge(x: Ball): Ball {
  if (x.r !== 0n) throw new Imprecise("edge of the domain");
  return x.m < 0n ? negB(halfPi()) : halfPi();
}
