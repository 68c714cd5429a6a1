import { SECOND } from '#kernel/clock.js';
import { type JsonRecord, list, record } from '#kernel/read.js';
import type { Simulator } from '#simulator/simulator.js';
import type { SimulatedEndpoint } from '#simulator/wire/entry-point.js';
import { isSubscribable, SUBSCRIBABLE_FIELDS } from './app.js';
import { callbackRefusal, parameterRefusal } from './refusals.js';

const OBJECT = 'whatsapp_business_account';
const HANDSHAKE_TIMEOUT_MS = 10 * SECOND;

/**
 * `/{app-id}/subscriptions`, with the token of the app: where the webhooks of all numbers go. The callback must answer the handshake first.
 * @see graph-api/webhooks/subscriptions-edge, webhooks/create-webhook-endpoint (2025-11-07)
 */
export const subscriptionEndpoints = (simulator: Simulator): Record<string, SimulatedEndpoint> => ({
  'GET app/subscriptions': { operation: () => null, perform: () => ({ data: subscriptions(simulator) }) },
  'POST app/subscriptions': {
    operation: () => null,
    perform: async (_line, { body, query }) => {
      await subscribe(simulator, { ...query, ...record(body) });
      return { success: true };
    },
  },
  'DELETE app/subscriptions': {
    operation: () => null,
    perform: () => {
      simulator.app.subscription = null;
      return { success: true };
    },
  },
});

const subscriptions = ({ app: { subscription } }: Simulator): JsonRecord[] =>
  subscription
    ? [
        {
          object: OBJECT,
          callback_url: subscription.callbackUrl,
          active: true,
          fields: subscription.fields.map((name) => ({ name, version: 'v23.0' })),
        },
      ]
    : [];

async function subscribe(simulator: Simulator, { object, callback_url, verify_token, fields }: JsonRecord): Promise<void> {
  if (object !== OBJECT) throw parameterRefusal(`object must be "${OBJECT}"`);
  if (typeof callback_url !== 'string' || !URL.canParse(callback_url) || !/^https?:$/.test(new URL(callback_url).protocol))
    throw parameterRefusal('callback_url must be an http(s) address');
  if (typeof verify_token !== 'string' || verify_token === '') throw parameterRefusal('verify_token is required');
  const names = typeof fields === 'string' ? fields.split(',').map((name) => name.trim()) : list(fields);
  const wanted = names.filter(isSubscribable);
  if (names.length === 0 || wanted.length < names.length)
    throw parameterRefusal(`fields must be some of ${SUBSCRIBABLE_FIELDS.join(', ')}`);
  if (!simulator.mayRegister(callback_url))
    throw parameterRefusal('the simulator delivers to its own gateway only; SIMULATOR_WEBHOOK_ORIGINS names other origins');
  await shakeHands(callback_url, verify_token, String(Number.parseInt(simulator.context.ids.hex(7), 16)));
  simulator.app.subscription = { callbackUrl: callback_url, fields: wanted };
  simulator.context.journal.note('the app at Meta has subscribed webhooks', 'number');
}

/** @throws SimulatedRefusal 2200 unless the callback returns the challenge with 200 */
async function shakeHands(callbackUrl: string, verifyToken: string, challenge: string): Promise<void> {
  const url = new URL(callbackUrl);
  for (const [name, value] of [
    ['hub.mode', 'subscribe'],
    ['hub.challenge', challenge],
    ['hub.verify_token', verifyToken],
  ] as const)
    url.searchParams.set(name, value);
  const answer = await fetch(url, { signal: AbortSignal.timeout(HANDSHAKE_TIMEOUT_MS), redirect: 'manual' })
    .then(async (response) => ({ status: response.status, text: await response.text() }))
    .catch(() => null);
  if (answer === null) throw callbackRefusal("The URL couldn't be reached.");
  if (answer.status !== 200) throw callbackRefusal(`HTTP Status Code = ${answer.status}`);
  if (answer.text.trim() !== challenge) throw callbackRefusal('The callback did not return the challenge.');
}
