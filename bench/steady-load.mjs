import http from 'node:http';
import { performance } from 'node:perf_hooks';
import { deliver } from '../prove/load.mjs';
import { pause } from '../prove/pause.mjs';
import { percentile } from '../prove/statistics.mjs';
import { connect, delivery } from '../prove/webhooks.mjs';

const WARM_UP_SECONDS = 2;
const CONNECTIONS = 64;

/**
 * Webhooks of incoming calls, evenly spread over each second and sent when they are due, independent of the answers. (autocannon
 * sends all of a second at its beginning, and so measures bursts.) The time of each counts from when it was due.
 * @param {{ port: number }} target
 * @param {{ perSecond: number, seconds: number }} pace the first two seconds are not counted
 * @returns {Promise<{ perSecond: number, p50: number, p99: number, refused: number }>} times in milliseconds
 */
export async function steadyLoad({ port }, { perSecond, seconds }) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const tookMs = [];
  let refused = 0;
  const answers = [];
  const began = performance.now();
  const total = perSecond * (WARM_UP_SECONDS + seconds);
  for (let i = 0; i < total; ) {
    const due = began + (i * 1_000) / perSecond;
    if (performance.now() < due) {
      await pause(1);
      continue;
    }
    const counts = i >= perSecond * WARM_UP_SECONDS;
    const call = { wacid: `wacid.PACE.${i}`, user: `5215${String(i).padStart(9, '0')}`, direction: 'USER_INITIATED' };
    const answered = deliver(port, delivery([connect(call, Math.floor(Date.now() / 1_000))]), { agent }).then(
      ({ status }) => {
        if (status !== 200) refused += 1;
        else if (counts) tookMs.push(performance.now() - due);
      },
      () => {
        refused += 1;
      },
    );
    answers.push(answered);
    i += 1;
  }
  await Promise.all(answers);
  const tookSeconds = (performance.now() - began) / 1_000;
  agent.destroy();
  return { perSecond: total / tookSeconds, p50: percentile(tookMs, 0.5), p99: percentile(tookMs, 0.99), refused };
}
