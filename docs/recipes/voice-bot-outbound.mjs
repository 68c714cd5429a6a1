// Calls one person, plays a message when they answer, and hangs up: node voice-bot-outbound.mjs +5215512340001
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ask } from './parts/gateway.mjs';
import { stop } from './parts/library.mjs';
import { Line } from './parts/media.mjs';
import { readOgg } from './parts/ogg.mjs';

const { MESSAGE = new URL('parts/greeting.ogg', import.meta.url) } = process.env;
const message = await readOgg(MESSAGE);

/** The call as soon as this holds; one that ends before says how. */
async function until(id, holds) {
  for (let before; ; await pause(500)) {
    const call = await ask(`/api/calling/calls/${id}`);
    if (call.state !== before) console.log(`${id}: ${call.state} ${call.outcome ?? ''}`);
    before = call.state;
    if (holds(call)) return call;
    const { detail, remedy } = call.error ? await ask(`/api/calling/errors/${call.error.code}`) : { detail: call.outcome, remedy: '' };
    if (call.state === 'ended') throw new Error(`The call ended: ${detail} ${remedy}`);
  }
}

const line = new Line();
let id;
try {
  ({ id } = await ask('/api/calling/make-call', { to: process.argv[2] }, { 'Idempotency-Key': randomUUID() }));
  // The person may have to allow the call first; until then there is nothing to offer, since an offer would grow stale.
  await until(id, ({ state }) => state === 'ready');
  await ask('/api/calling/connect', { id, session: await line.describe() }, { 'Idempotency-Key': `dial-${id}` });
  line.take((await until(id, ({ session }) => session)).session.sdp);
  await until(id, ({ state }) => state === 'in_progress');
  await line.play(message);
  await ask('/api/calling/terminate', { id });
  await until(id, ({ state }) => state === 'ended');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
  // After any failure here no phone is left ringing; for a call that is over this does nothing.
  if (id) await ask('/api/calling/terminate', { id });
}
line.close();
stop();
