import { loadavg } from 'node:os';

/** @param {number[]} values @param {number} share 0 to 1 @returns {number} the value that this share of all does not exceed */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** `p50 1.2 ms, p99 4.8 ms`. @param {number[]} values */
export const spread = (values) => `p50 ${percentile(values, 0.5).toFixed(1)} ms, p99 ${percentile(values, 0.99).toFixed(1)} ms`;

/** What the machine was busy with besides; a latency without it says little. */
export const machineLoad = () => `load of the machine ${loadavg()[0].toFixed(1)}`;

/** How many different values. @param {readonly unknown[]} list */
export const distinct = (list) => new Set(list).size;
