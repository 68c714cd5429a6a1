import { readFileSync } from 'node:fs';

/** Clock ticks per second of /proc, on every Linux. */
const TICKS = 100;

/** User and system time of a process, in ms. @param {number} pid */
export function cpuMsOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS;
}
