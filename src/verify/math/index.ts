/** The math verifier. */
export {};
