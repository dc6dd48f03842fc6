/** Trees to quotients of polynomials over the atoms: the canonical form, in which equality is the zero test. */
import type { Node } from "./ast.ts";
import { atomId, PI_ID } from "./atoms.ts";
import { absF, conjugate } from "./absolute.ts";
import { baseValue, discreteValue } from "./discrete.ts";
import { expF, powerF } from "./exponentials.ts";
import { binomialF, factorialF } from "./factorials.ts";
import { logF } from "./logarithms.ts";
import { namePoly, power } from "./poly.ts";
import { addF, asRational, divF, fromPoly, fromRat, mulF, negF, ONE_F, type RatFun, subF } from "./ratfun.ts";
import { rat } from "./rational.ts";
import { rationalPower } from "./roots.ts";
import { signOfNode } from "./sign.ts";
import { trigonometricF } from "./trigonometry.ts";
import { DEGREE } from "./units.ts";
import { spend, Unsupported } from "./work.ts";

const PI_F = fromPoly(power(PI_ID, 1));
const E_F = (): RatFun => expF(ONE_F);
const I_F = (): RatFun => rationalPower(fromRat(rat(-1)), 1, 2, -1);
const HUNDREDTH = fromRat(rat(1, 100));
const HALF_F = fromRat(rat(1, 2));

/** @throws {Unsupported} no canonical form known; {Malformed} undefined; {TooLarge} beyond the budget */
export function canonical(node: Node): RatFun {
  spend(3);
  switch (node.k) {
    case "num":
      return fromRat(node.v);
    case "base":
      return fromRat(rat(baseValue(node.digits, node.base)));
    case "sym":
      return variable(node.name);
    case "const":
      return constant(node.name);
    case "neg":
      return negF(canonical(node.a));
    case "add":
      return node.args.map(canonical).reduce(addF);
    case "mul":
      return node.args.map(canonical).reduce(mulF);
    case "div":
      return divF(canonical(node.a), canonical(node.b));
    case "pow":
      return powerF(canonical(node.a), canonical(node.b), signOfNode(node.a));
    case "root":
      return rationalPower(canonical(node.a), 1, node.n, signOfNode(node.a));
    case "percent":
      return mulF(canonical(node.a), HUNDREDTH);
    case "qty":
      if (node.unit !== DEGREE) throw new Unsupported("unit in an expression");
      return mulF(canonical(node.a), mulF(PI_F, fromRat(rat(1, 180))));
    case "fn":
      return functionF(node.name, node.args);
    default:
      throw new Unsupported(node.k);
  }
}

export function variable(name: string): RatFun {
  return fromPoly(
    power(
      atomId(`'${name}'`, () => ({ kind: "var", positive: false })),
      1,
    ),
  );
}

function constant(name: "pi" | "e" | "i" | "inf"): RatFun {
  if (name === "pi") return PI_F;
  if (name === "e") return E_F();
  if (name === "i") return I_F();
  throw new Unsupported("infinity in an expression");
}

function functionF(name: string, nodes: readonly Node[]): RatFun {
  const args = nodes.map(canonical);
  const values = args.map(asRational);
  const exact = values.every((value) => value !== null) ? discreteValue(name, values) : null;
  if (exact !== null) return fromRat(exact);
  const [a, b] = args as [RatFun, RatFun | undefined];
  const sign = signOfNode(nodes[0]!);
  switch (name) {
    case "factorial":
      return factorialF(a, (rest) => opaque(name, [rest])) ?? opaque(name, args);
    case "residue":
      return opaque(name, [residueF(args) ?? a, ...args.slice(1)]);
    case "binom":
      return (b && binomialF(a, b, (rest) => opaque("factorial", [rest]))) ?? opaque(name, args);
    case "exp":
      return expF(a);
    case "ln":
      return logF(a, sign);
    case "lg":
      return divF(logF(a, sign), logF(fromRat(rat(10)), 1));
    case "log2":
      return divF(logF(a, sign), logF(fromRat(rat(2)), 1));
    case "log":
      return divF(logF(a, sign), b === undefined ? logF(fromRat(rat(10)), 1) : logF(b, signOfNode(nodes[1]!)));
    case "abs":
      return absF(a, sign);
    case "Re":
      return mulF(addF(a, conjugate(a)), HALF_F);
    case "Im":
      return divF(mulF(subF(a, conjugate(a)), HALF_F), I_F());
    case "sgn":
      return sign === null ? opaque(name, args) : fromRat(rat(sign));
    default:
      return trigonometricF(name, a) ?? opaque(name, args);
  }
}

/** The least number of a class modulo a whole number: 10 (mod 7) is 3 (mod 7). */
function residueF(args: readonly RatFun[]): RatFun | null {
  const values = args.map(asRational);
  if (!values.every((value) => value !== null && value.d === 1n)) return null;
  const least = discreteValue(
    "mod",
    values.filter((value) => value !== null),
  );
  return least === null ? null : fromRat(least);
}

/** A function that is not known any further: equal for equal arguments. */
export function opaque(name: string, args: readonly RatFun[]): RatFun {
  const inside = args.map((arg) => `${namePoly(arg.n)}:${namePoly(arg.d)}`).join(",");
  return fromPoly(
    power(
      atomId(`${name}(${inside})`, () => ({ kind: "fn", positive: false })),
      1,
    ),
  );
}
