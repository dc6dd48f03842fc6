/** Shows any value in at most `limit` characters, for error messages. Never throws and calls no code of the value's own. */
export function show(value: unknown, limit = 80): string {
  try {
    return clip(format(value, 2).replace(CONTROLS, "?"), limit);
  } catch {
    return `(a ${typeof value} that cannot be shown)`;
  }
}

/** Line breaks and what terminals act on: a message stays a line, whatever a stranger names a field. */
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

function format(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.length > 200 ? value.slice(0, 200) : value);
    case "bigint":
      return "a bigint";
    case "number":
    case "boolean":
    case "undefined":
      return String(value);
    case "function":
    case "symbol":
      return `a ${typeof value}`;
    case "object":
      return value === null ? "null" : formatObject(value, depth);
  }
}

function formatObject(value: object, depth: number): string {
  if (ArrayBuffer.isView(value)) {
    const length = "length" in value ? String(value.length) : String(value.byteLength);
    return `${Object.prototype.toString.call(value).slice(8, -1)}(${length})`;
  }
  if (Array.isArray(value)) {
    if (depth === 0) return `an array of ${value.length}`;
    const head = value.slice(0, 8).map((item) => format(item, depth - 1));
    return `[${head.join(", ")}${value.length > 8 ? `, ... ${value.length} in all` : ""}]`;
  }
  if (depth === 0) return "an object";
  const names = Object.keys(value).slice(0, 8);
  const fields = names.map((name) => {
    const field = Object.getOwnPropertyDescriptor(value, name);
    return `${clip(name, 24)}: ${field && "value" in field ? format(field.value, depth - 1) : "(getter)"}`;
  });
  return `{${fields.join(", ")}}`;
}

const clip = (text: string, limit: number): string => (text.length <= limit ? text : `${text.slice(0, limit - 3)}...`);
