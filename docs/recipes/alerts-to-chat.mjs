// Notifies a chat room of what needs a person: a subscription posts here, and this posts to the room's incoming webhook.
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const { PORT = 4104, WEBHOOK_SECRET, CHAT_WEBHOOK_URL, LINK = 'http://127.0.0.1:3000/console' } = process.env;
const webhook = new Webhook(WEBHOOK_SECRET);

/** What is worth a message, in words; nothing of a person is in them. */
const TEXTS = {
  'account.restricted': ({ restrictions }) => `Meta restricts calls: ${restrictions.map(({ type }) => type).join(', ') || 'lifted'}`,
  'compliance.eligibility_changed': ({ changed, ...data }) => changed.map((way) => `${way} calls are ${data[way].verdict}`).join('; '),
  'webhook.silent': ({ silent }) => (silent ? '360dialog has stopped delivering webhooks' : '360dialog delivers webhooks again'),
  'settings.updated': () => 'The calling settings of the number have changed',
  'subscription.disabled': () => 'A webhook consumer was given up: it does not answer',
  'call.ended': ({ outcome, error }) => outcome === 'failed' && `A call failed: ${error?.code ?? 'for an unknown reason'}`,
};

createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray()).toString();
  let event;
  try {
    event = webhook.verify(body, request.headers);
  } catch {
    return response.writeHead(401).end();
  }
  const text = TEXTS[event.type]?.(event.data);
  if (!text) return response.writeHead(204).end();
  const message = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text: `${text}. ${LINK}` }) };
  const posted = await fetch(CHAT_WEBHOOK_URL, message).catch(() => ({ ok: false }));
  // What the room did not take is not lost: after anything but 2xx the gateway tries again, for three days.
  response.writeHead(posted.ok ? 204 : 502).end();
}).listen(PORT, '127.0.0.1', () => console.log(`Ready at http://127.0.0.1:${PORT}/`));
