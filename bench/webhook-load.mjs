import { randomUUID } from 'node:crypto';
import autocannon from 'autocannon';
import { connect, delivery } from '../prove/webhooks.mjs';

const MARK = 'MARK-OF-THE-CALL';
const USER = '5215599999999';

/**
 * Webhooks of incoming calls, about 1.2 kB each and no two alike, over connections kept alive.
 * @param {{ port: number, path: string, headers: Record<string, string> }} target
 * @param {{ connections?: number, seconds: number }} options
 * @returns {Promise<{ perSecond: number, p50: number, p99: number, answered: number, refused: number }>} times in milliseconds
 */
export async function webhookLoad({ port, path, headers }, { connections = 64, seconds }) {
  const call = { wacid: MARK, user: USER, direction: 'USER_INITIATED' };
  const text = JSON.stringify(delivery([connect(call, Math.floor(Date.now() / 1_000))]));
  const run = randomUUID();
  let sent = 0;
  const result = await autocannon({
    url: `http://127.0.0.1:${port}${path}`,
    method: 'POST',
    connections,
    duration: seconds,
    headers: { 'content-type': 'application/json', ...headers },
    requests: [
      {
        setupRequest: (request) => {
          sent += 1;
          const user = `5215${String(sent % 1_000_000_000).padStart(9, '0')}`;
          return { ...request, body: text.replaceAll(MARK, `wacid.${run}.${sent}`).replaceAll(USER, user) };
        },
      },
    ],
  });
  const { requests, latency } = result;
  return {
    perSecond: result['2xx'] / result.duration,
    p50: latency.p50,
    p99: latency.p99,
    answered: requests.total,
    refused: result.non2xx + result.errors,
  };
}
