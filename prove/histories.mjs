import { connect, failed, nameless, status, terminate } from './webhooks.mjs';

/** The webhooks of one call, in the order in which things happened; times in seconds since 1970. */
const STORIES = {
  missed: { direction: 'USER_INITIATED', webhooks: (call, at) => [connect(call, at), terminate(call, at + 9, null)] },
  rings: { direction: 'USER_INITIATED', webhooks: (call, at) => [connect(call, at)] },
  'hangs up at once': { direction: 'USER_INITIATED', webhooks: (call, at) => [connect(call, at), terminate(call, at, null)] },
  'fails inbound': { direction: 'USER_INITIATED', webhooks: (call, at) => [connect(call, at), failed(call, at + 4)] },
  answered: {
    direction: 'BUSINESS_INITIATED',
    webhooks: (call, at) => [
      connect(call, at),
      status(call, 'RINGING', at),
      status(call, 'ACCEPTED', at + 3),
      terminate(call, at + 33, 30),
    ],
  },
  talks: {
    direction: 'BUSINESS_INITIATED',
    webhooks: (call, at) => [connect(call, at), status(call, 'RINGING', at), status(call, 'ACCEPTED', at + 3)],
  },
  'answered, then rejected elsewhere': {
    direction: 'BUSINESS_INITIATED',
    webhooks: (call, at) => [
      connect(call, at),
      status(call, 'RINGING', at),
      status(call, 'ACCEPTED', at + 3),
      status(call, 'REJECTED', at + 4),
    ],
  },
  rejected: {
    direction: 'BUSINESS_INITIATED',
    webhooks: (call, at) => [
      connect(call, at),
      status(call, 'RINGING', at),
      status(call, 'REJECTED', at + 5),
      terminate(call, at + 5, null),
    ],
  },
  'not answered': {
    direction: 'BUSINESS_INITIATED',
    webhooks: (call, at) => [connect(call, at), status(call, 'RINGING', at + 1), terminate(call, at + 40, null)],
  },
  'fails outbound': {
    direction: 'BUSINESS_INITIATED',
    webhooks: (call, at) => [connect(call, at), status(call, 'RINGING', at), status(call, 'ACCEPTED', at + 2), failed(call, at + 22)],
  },
};

/** Of one call in three, one webhook names the user and the others name nobody. */
function namedOnce(values, random) {
  if (!random.chance(0.33)) return values;
  const namer = random.between(0, values.length - 1);
  return values.map((value, i) => (i === namer ? value : nameless(value)));
}

/**
 * One history: the webhooks of one to three calls, of one user or of several.
 * @param {string} name makes the ids unique
 * @param {number} at when it began, seconds since 1970
 * @returns {{ wacids: string[], inOrder: object[], delivered: object[] }} the values of changes; `delivered` has some of them twice
 */
export function history(name, at, random) {
  const users = Array.from({ length: 2 }, () => `5215${String(random.between(0, 999_999_999)).padStart(9, '0')}`);
  const calls = Array.from({ length: random.between(1, 3) }, (_, i) => {
    const { direction, webhooks } = STORIES[random.pick(Object.keys(STORIES))];
    const call = { wacid: `wacid.${name}.${i}`, user: random.pick(users), direction };
    return { wacid: call.wacid, values: namedOnce(webhooks(call, at + i), random) };
  });
  const inOrder = calls.flatMap(({ values }) => values);
  const repeated = inOrder.filter(() => random.chance(0.4));
  return { wacids: calls.map(({ wacid }) => wacid), inOrder, delivered: [...inOrder, ...repeated] };
}
