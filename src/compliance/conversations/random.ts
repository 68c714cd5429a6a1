/** Repeatable draws: equal seeds give equal numbers. */
export interface RandomDraws {
  /** From 0 up to, but not including, 1. */
  uniform(): number;
  /** Mean 0, deviation 1. */
  normal(): number;
}

/** Mulberry32, and Marsaglia's polar method for the normal draws. */
export function randomOf(seed: number): RandomDraws {
  let state = seed >>> 0;
  let spare: number | null = null;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const normal = (): number => {
    if (spare !== null) {
      const kept = spare;
      spare = null;
      return kept;
    }
    for (;;) {
      const [x, y] = [2 * uniform() - 1, 2 * uniform() - 1];
      const size = x * x + y * y;
      if (size === 0 || size >= 1) continue;
      const scale = Math.sqrt((-2 * Math.log(size)) / size);
      spare = y * scale;
      return x * scale;
    }
  };
  return { uniform, normal };
}
