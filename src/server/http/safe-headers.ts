/** On every answer over HTTP: not to be guessed at, not to be kept. */
export const SAFE_HEADERS = { "x-content-type-options": "nosniff", "cache-control": "no-store" };
