import { SECOND } from '#kernel/clock.js';
import { judged, undecided } from '../finding.ts';
import type { VerificationStep } from '../step.ts';

/** `Date` headers have whole seconds and answers take a while. */
const TOLERATED_SECONDS = 10;

export const clockStep: VerificationStep = {
  name: 'clock',
  ids: ['W52'],
  needs: 'upstream',
  async run({ upstream, gateway }) {
    if (!upstream) return [undecided('W52', 'no_key_here')];
    const began = performance.now();
    const theirs = (await upstream.get('/')).date;
    const ours = (await gateway.get('/health/live')).date;
    const took = (performance.now() - began) / SECOND;
    if (theirs === null || ours === null) return [undecided('W52', 'not_there')];
    const seconds = Math.round((ours - theirs) / SECOND);
    return [judged('W52', Math.abs(seconds) <= TOLERATED_SECONDS + took, `difference=${seconds} s`)];
  },
};
