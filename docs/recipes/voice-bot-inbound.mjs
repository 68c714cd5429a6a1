// Takes every call: plays a greeting, listens for a while, keeps what was said as a file, and hangs up.
import { setTimeout as pause } from 'node:timers/promises';
import { events } from './parts/events.mjs';
import { ask, Refusal } from './parts/gateway.mjs';
import { Line } from './parts/media.mjs';
import { readOgg, writeOgg } from './parts/ogg.mjs';

const { GREETING = new URL('parts/greeting.ogg', import.meta.url), RECORDINGS = '.', LISTEN_SECONDS = '20' } = process.env;
const greeting = await readOgg(GREETING);

async function take({ id, session }) {
  const line = new Line();
  try {
    // The answer goes out while it still rings, so that the sound is there with the first word.
    await ask('/api/calling/pre-accept', { id, session: await line.describe(session.sdp) });
    const call = await ask('/api/calling/accept', { id });
    // 202: it is not known yet whether WhatsApp has put us through. Nothing may be sent before that is known.
    for (let seconds = 0; seconds < 30 && (await ask(`/api/calling/calls/${id}`)).state === 'accepting'; seconds += 1) await pause(1_000);
    console.log(`${id}: answered`);
    await line.play(greeting);
    await pause(Number(LISTEN_SECONDS) * 1_000);
    await ask('/api/calling/terminate', { id: call.id });
  } finally {
    line.close();
    if (line.heard.length) await writeOgg(`${RECORDINGS}/${id}.ogg`, line.heard);
    console.log(`${id}: over, ${line.heard.length} frames heard`);
  }
}

for await (const { data: call } of events('call.incoming')) {
  if (call.session) take(call).catch((error) => console.error(`${call.id}: ${error instanceof Refusal ? error.message : error.stack}`));
  else console.error('The key lacks calls:control, so the events carry no offer to answer.');
}
