/** Unicode signs rewritten as what they mean, in ASCII and LaTeX, before anything is read. */
import { table } from "./names.ts";

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ";
const LOWERED = "₀₁₂₃₄₅₆₇₈₉";

const LETTERS =
  table(`α alpha β beta γ gamma δ delta ε epsilon ζ zeta η eta θ theta ι iota κ kappa λ lambda μ mu µ mu ν nu
  ξ xi ρ rho σ sigma τ tau υ upsilon φ phi ϕ phi χ chi ψ psi ω omega Γ Gamma Δ Delta Θ Theta Λ Lambda Ξ Xi Σ Sigma Φ Phi
  Ψ Psi Ω Omega π pi ℓ ell √ sqrt ∛ cbrt ∞ infty ∪ cup ∩ cap ∖ setminus ∈ in ∅ emptyset ± pm ∓ mp ≈ approx ° degree
  º degree ˚ degree ⟨ langle ⟩ rangle 〈 langle 〉 rangle … ldots ⋯ ldots ⌊ lfloor ⌋ rfloor ⌈ lceil ⌉ rceil ∨ lor ∧ land
  → to ⇒ implies`);

const SIGNS = table(`− - – - — - ‐ - ‑ - × * · * ⋅ * ∙ * ∗ * ✕ * ÷ / ∕ / ⁄ / ≤ <= ⩽ <= ≥ >= ⩾ >= ≠ != ≡ = ′ ' ″ ''
  ℝ \\mathbb{R} ℚ \\mathbb{Q} ℤ \\mathbb{Z} ℕ \\mathbb{N} ℂ \\mathbb{C} “ " ” " ‘ ' ’ ' ， , （ ( ） ) ： : ； ; 。 . 、 ,`);

const FRACTIONS = table(`½ 1/2 ⅓ 1/3 ⅔ 2/3 ¼ 1/4 ¾ 3/4 ⅕ 1/5 ⅖ 2/5 ⅗ 3/5 ⅘ 4/5 ⅙ 1/6 ⅚ 5/6 ⅐ 1/7 ⅛ 1/8 ⅜ 3/8 ⅝ 5/8 ⅞ 7/8
  ⅑ 1/9 ⅒ 1/10`);

const SPACES = "\u00a0\u2009\u202f\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u200a\u3000";
const NOTHING = "\u200b\u200c\u200d\ufeff\u2060\u2061\u00ad";

/** The same text without Unicode mathematics. */
export function plainSigns(text: string): string {
  if (isAscii(text)) return text;
  let out = "";
  let raised = "";
  for (const sign of text) {
    const up = RAISED.indexOf(sign);
    if (up >= 0) {
      raised += "0123456789+-n"[up]!;
      continue;
    }
    if (raised !== "") [out, raised] = [`${out}^{${raised}}`, ""];
    out += rewritten(sign);
  }
  return raised === "" ? out : `${out}^{${raised}}`;
}

function rewritten(sign: string): string {
  if (sign <= "\u007f") return sign;
  const low = LOWERED.indexOf(sign);
  if (low >= 0) return `_${low}`;
  const letter = LETTERS.get(sign);
  if (letter !== undefined) return `\\${letter} `;
  const fraction = FRACTIONS.get(sign);
  if (fraction !== undefined) return `\\frac{${fraction.replace("/", "}{")}}`;
  if (SPACES.includes(sign)) return " ";
  if (NOTHING.includes(sign)) return "";
  if (sign >= "\uff01" && sign <= "\uff5e") return String.fromCharCode(sign.charCodeAt(0) - 0xfee0);
  return SIGNS.get(sign) ?? sign;
}

function isAscii(text: string): boolean {
  for (let k = 0; k < text.length; k++) if (text.charCodeAt(k) > 127) return false;
  return true;
}
