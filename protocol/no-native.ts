/** Keeps msgpackr's native string reader off: bytes from a socket are read by JavaScript alone. Import this file before msgpackr. */

// A browser has no `process`; there msgpackr has no native part either.
const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
if (process?.env !== undefined) process.env["MSGPACKR_NATIVE_ACCELERATION_DISABLED"] = "true";
