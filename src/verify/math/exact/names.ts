/** The names that are known: LaTeX commands, functions, constants, Greek letters. */

/** A table written as one line of words: "key value key value". */
export function table(words: string): ReadonlyMap<string, string> {
  const list = words.trim().split(/\s+/);
  return new Map(list.flatMap((word, k) => (k % 2 === 0 ? [[word, list[k + 1]!] as const] : [])));
}

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

/** Commands that only say how something looks: dropped. */
export const DROPPED =
  words(`displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits left right middle big Big
  bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm mathstrut strut nonumber notag hfill rm bf it sf tt
  boldmath relax tiny small normalsize large Large LARGE huge Huge centering noindent bm mathop mathrel mathbin protect`);

/** Commands that are white space. */
export const SPACES = words(
  `quad qquad space enspace enskip thinspace medspace thickspace nobreakspace , ; : ! >`,
).union(new Set([" ", "\n"]));

/** Commands whose argument is text. */
export const TEXT_COMMANDS = words(`text textbf textit textrm textsf texttt textnormal textup textsc mbox hbox emph`);

/** Commands whose argument is set in another face: text where it is a word, mathematics where it is not. */
export const FACE_COMMANDS = words(`mathrm mathit mathsf mathtt mathnormal operatorname mathord`);

/** Commands that mark their argument as another symbol than the plain letter. */
export const ACCENTS = words(`mathbf boldsymbol vec hat widehat tilde widetilde bar overline overrightarrow
  overleftrightarrow mathcal mathfrak mathscr dot ddot pmb underline overarc wideparen`);

/** Command -> the operator token that it stands for. */
export const OPERATOR_COMMANDS = table(`le <= leq <= leqslant <= leqq <= ge >= geq >= geqslant >= geqq >= ne != neq !=
  lt < gt > cdot * times * ast * cdotp * bullet * div / pm ± mp ∓ cup ∪ bigcup ∪ cap ∩ setminus ∖ backslash ∖
  smallsetminus ∖ in ∈ ldots ... dots ... cdots ... dotsc ... mid | vert | lvert |( rvert |) lVert ‖ rVert ‖ Vert ‖
  langle ⟨ rangle ⟩ lbrace {{ rbrace }} lbrack [ rbrack ] lparen ( rparen ) lgroup ( rgroup ) { {{ } }} | ‖ % % $ $ & & # #
  degree ° circ ° prime ' approx ~ simeq ~ approxeq ~ equiv = colon : lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ to → rightarrow →
  Rightarrow ⇒ implies ⇒ iff ⇔ Leftrightarrow ⇔ pounds £ euro € euros € yen ¥ cent ¢ textdollar $ textpercent % textdegree °
  lor or vee or land and wedge and sim ~ textasciicircum ^`);

/** Function names, in LaTeX and in plain text -> the name used in the tree. */
export const FUNCTIONS = table(`sin sin cos cos tan tan sec sec csc csc cosec csc cot cot cotan cot tg tan ctg cot
  arcsin arcsin asin arcsin arccos arccos acos arccos arctan arctan atan arctan arctg arctan arccot arccot acot arccot
  arcsec arcsec arccsc arccsc sinh sinh cosh cosh tanh tanh coth coth sech sech csch csch arcsinh arcsinh asinh arcsinh
  arsinh arcsinh arccosh arccosh acosh arccosh arcosh arccosh arctanh arctanh atanh arctanh artanh arctanh ln ln log log
  lg lg log2 log2 log10 lg exp exp sqrt sqrt cbrt cbrt abs abs floor floor ceil ceil gcd gcd lcm lcm min min max max
  det det sgn sgn sign sgn Re Re Im Im arg arg Arg arg factorial factorial binom binom frac frac`);

/** Commands that are others in another size. */
export const ALIASES = table(`dfrac frac tfrac frac cfrac frac sfrac frac nicefrac frac dbinom binom tbinom binom`);

export const GREEK = words(`alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi
  omicron rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Sigma Upsilon Phi
  Psi Omega ell hbar`);

export type ConstantName = "pi" | "e" | "i" | "inf";

/** Names of constants. The letters e and i are constants too. */
export const CONSTANTS = new Map<string, ConstantName>([
  ...(["pi", "Pi"] as const).map((name) => [name, "pi"] as const),
  ...["infty", "infinity", "Infinity", "inf", "oo"].map((name) => [name, "inf"] as const),
  ["imath", "i"],
  ["e", "e"],
  ["i", "i"],
]);
