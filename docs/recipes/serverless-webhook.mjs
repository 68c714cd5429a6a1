// A webhook consumer as serverless platforms run it: `export default { fetch }`, one Request in, one Response out.
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import { Webhook } from 'standardwebhooks';

/** Here belongs what your business does with a call that is over. @returns {Promise<void>} */
async function onEnded({ id, direction, outcome, duration_seconds: seconds, reference }) {
  console.log(JSON.stringify({ id, direction, outcome, seconds, reference }));
}

const consumer = {
  async fetch(request, env = process.env) {
    if (request.method !== 'POST') return new Response('Events are posted here.', { status: 405, headers: { Allow: 'POST' } });
    const body = await request.text();
    let event;
    try {
      // The text as it came: JSON that was read and written again has another signature. Older than five minutes is refused, too.
      event = new Webhook(env.WEBHOOK_SECRET).verify(body, Object.fromEntries(request.headers));
    } catch {
      return new Response('The signature does not hold.', { status: 401 });
    }
    // At least once: keep event.id (webhook-id) where a second delivery finds it, if doing it twice would do harm.
    if (event.type === 'call.ended') await onEnded(event.data);
    return new Response(null, { status: 204 });
  },
};
export default consumer;

// Run by itself it serves the same on this machine, to try it: node serverless-webhook.mjs
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { PORT = 4105 } = process.env;
  createServer(async (request, response) => {
    const body = request.method === 'POST' ? Buffer.concat(await request.toArray()) : undefined;
    const asked = new Request(`http://localhost${request.url}`, { method: request.method, headers: request.headers, body });
    const answer = await consumer.fetch(asked);
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  }).listen(PORT, '127.0.0.1', () => console.log(`Ready at http://127.0.0.1:${PORT}/`));
}
