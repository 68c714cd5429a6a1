/** What this browser remembers of its operator: devices, and whether they are ready. */

const KEPT = 'console.softphone';
const NOTHING = { input: '', output: '', ready: false };
let current = { ...NOTHING, ...kept() };
/** @type {Set<(now: typeof NOTHING) => void>} */
const listeners = new Set();

/** `{ input, output, ready }`; an empty device is the system's. */
export const preferences = () => current;

/** @param {Partial<typeof NOTHING>} change */
export function prefer(change) {
  current = { ...current, ...change };
  try {
    localStorage.setItem(KEPT, JSON.stringify(current));
  } catch {
    // A browser that keeps nothing still follows the choice for now.
  }
  for (const fn of [...listeners]) fn(current);
}

/** Calls `fn` whenever the operator chooses something. @param {(now: typeof NOTHING) => void} fn */
export function onPreferences(fn) {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? '{}');
  } catch {
    return {};
  }
}
