/** Rotary positions (Su et al., 2021): pairs of numbers of a query or key are turned by an angle that grows with the position. */

export interface Turns {
  /** [positions, size / 2], row-major. */
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

/** The angles of positions 0 .. positions-1 for heads of `size` numbers: position / base^(2 i / size). */
export function turns(positions: number, size: number, base = 10_000): Turns {
  const half = size / 2;
  const angles = Float64Array.from(
    { length: positions * half },
    (_, at) => Math.floor(at / half) / base ** ((at % half) / half),
  );
  return { cos: Float32Array.from(angles, Math.cos), sin: Float32Array.from(angles, Math.sin) };
}
