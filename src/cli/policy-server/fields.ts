/** Reads the fields of a request's body; null is absent, as OpenAI's clients send it. */
import { didYouMean } from "../../../protocol/did-you-mean.ts";
import { ApiError, wrongField } from "./api-error.ts";

export class Fields {
  readonly #body: Readonly<Record<string, unknown>>;

  /** @throws {ApiError} 400 unless it is a JSON object, or where a field is not known */
  constructor(body: unknown, known: readonly string[]) {
    if (typeof body !== "object" || body === null || Array.isArray(body)) throw new ApiError(400, "The body is not a JSON object."); // prettier-ignore
    this.#body = body as Readonly<Record<string, unknown>>;
    const stray = Object.keys(body).find((name) => !known.includes(name) && this.get(name) !== undefined);
    if (stray === undefined) return;
    const near = didYouMean(stray, known);
    const hint = near === undefined ? `It takes ${known.join(", ")}.` : `Did you mean ${near}?`;
    throw new ApiError(400, `${stray}: not a parameter of this endpoint. ${hint}`, { param: stray, code: "unknown_parameter" }); // prettier-ignore
  }

  get(name: string): unknown {
    return this.#body[name] ?? undefined;
  }

  number(name: string, [min, max]: readonly [number, number], isInteger = false): number | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (typeof value === "number" && value >= min && value <= max && (!isInteger || Number.isInteger(value))) return value; // prettier-ignore
    throw wrongField(name, `${isInteger ? "an integer" : "a number"} in ${min}..${max}`, value);
  }

  integer(name: string, range: readonly [number, number]): number | undefined {
    return this.number(name, range, true);
  }

  flag(name: string): boolean {
    const value = this.get(name) ?? false;
    if (typeof value === "boolean") return value;
    throw wrongField(name, "true or false", value);
  }

  /** A text or several. */
  texts(name: string, most: number): readonly string[] {
    const value = this.get(name) ?? [];
    const all: unknown = typeof value === "string" ? [value] : value;
    if (Array.isArray(all) && all.length <= most && all.every((text) => typeof text === "string" && text !== "")) return all as string[]; // prettier-ignore
    throw wrongField(name, `a text, or up to ${most}, none of them empty`, value);
  }

  /** For what this server cannot do: takes only the value that asks for nothing. */
  neutral(name: string, ...values: readonly unknown[]): void {
    const value = this.get(name);
    if (value === undefined || values.some((one) => JSON.stringify(one) === JSON.stringify(value))) return;
    throw wrongField(name, values.length === 0 ? "nothing: this server does not have it" : `${values.map((one) => JSON.stringify(one)).join(" or ")}: this server does no more`, value); // prettier-ignore
  }
}
