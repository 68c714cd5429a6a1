import type { Step } from '#cli/wire/bench.js';
import { judged, untold } from '#cli/wire/finding.js';
import { SECOND } from '#kernel/clock.js';

/** `Date` headers have whole seconds and answers take a while. */
const TOLERATED_SECONDS = 10;

export const clockStep: Step = {
  name: 'clock',
  ids: ['W52'],
  needs: 'wire',
  async run({ wire, gateway }) {
    if (!wire) return [untold('W52', 'no_key_here')];
    const began = performance.now();
    const theirs = (await wire.get('/')).date;
    const ours = (await gateway.get('/health/live')).date;
    const took = (performance.now() - began) / SECOND;
    if (theirs === null || ours === null) return [untold('W52', 'not_there')];
    const seconds = Math.round((ours - theirs) / SECOND);
    return [judged('W52', Math.abs(seconds) <= TOLERATED_SECONDS + took, `difference=${seconds} s`)];
  },
};
