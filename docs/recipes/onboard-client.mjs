// Onboard a client's number: node onboard-client.mjs lists the partner's channels; with an id and --revoke-keys it adopts that one.
import { parseArgs } from 'node:util';
import { ask } from './parts/gateway.mjs';

const options = { 'revoke-keys': { type: 'boolean' }, replaces: { type: 'string' } };
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const [id] = positionals;

async function list() {
  for (let cursor = ''; cursor !== null; ) {
    const { data, next_cursor, observed_at, unfinished } = await ask(`/api/partner/channels?limit=200${cursor && `&cursor=${cursor}`}`);
    for (const channel of data) {
      const state = channel.number ? `ours, ${channel.number.state}` : (channel.adoption?.state ?? 'free');
      console.log([channel.id, channel.display_phone_number, channel.name, state].join('\t'));
    }
    if (next_cursor === null)
      for (const { channel_id, state, fault } of unfinished) console.error(`Unfinished: ${channel_id} ${state} ${fault ?? ''}`);
    if (next_cursor === null) console.error(`As of ${observed_at}`);
    cursor = next_cursor;
  }
}

async function adopt() {
  const body = {
    webhook: 'register',
    ...(values['revoke-keys'] && { revoke_existing_keys: true }),
    ...(values.replaces && { replaces: values.replaces }),
  };
  // Sent twice, it is one adoption: the answer is kept under this key.
  const number = await ask(`/api/partner/channels/${encodeURIComponent(id)}/adopt`, body, { 'Idempotency-Key': `adopt ${id}` });
  console.log(`Adopted: ${number.phone_number_id} (${number.display_phone_number}), webhook ${number.webhook.problem ?? 'registered'}`);
  const { headline, outbound } = await ask(`/api/calling/status?refresh=true&phone_number_id=${number.phone_number_id}`);
  console.log(headline);
  for (const { name, verdict, remedy, note } of outbound.gates)
    if (verdict !== 'pass' || note) console.log(`${name}: ${verdict}. ${[remedy, note].filter(Boolean).join(' ')}`);
}

await (id ? adopt() : list());
