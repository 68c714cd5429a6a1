// Opens a ticket for a call that went wrong, with everything support asks for: node support-ticket.mjs call_01… "what happened"
import { ask } from './parts/gateway.mjs';

const { TICKET_URL, TICKET_TOKEN } = process.env;
const [, , id, words = ''] = process.argv;

// Redacted by the gateway: no SDP, no secret, of a number its last four digits.
const bundle = await ask(`/api/calling/calls/${encodeURIComponent(id)}/bundle`);
const { call } = bundle;
const code = call.error?.upstream?.code ?? call.error?.code;
const entry = code === undefined ? null : await ask(`/api/calling/errors/${code}`);

const ticket = new FormData();
ticket.set('subject', `WhatsApp call ${call.id}: ${call.outcome ?? call.state}${code === undefined ? '' : ` (${code})`}`);
const description = [
  words,
  `Call: ${call.id}, at Meta ${bundle.call_id ?? 'unknown'}, ${call.direction}, ${call.created_at}`,
  entry && `Cause: ${entry.detail}`,
  entry && `What to do: ${entry.remedy}`,
  bundle.fbtrace_ids.length > 0 && `Meta's trace ids: ${bundle.fbtrace_ids.join(', ')}`,
];
ticket.set('description', description.filter(Boolean).join('\n'));
ticket.set('attachment', new Blob([JSON.stringify(bundle, null, 2)], { type: 'application/json' }), `${call.id}.json`);
const headers = TICKET_TOKEN ? { Authorization: `Bearer ${TICKET_TOKEN}` } : {};
const answer = await fetch(TICKET_URL, { method: 'POST', headers, body: ticket });
if (!answer.ok) throw new Error(`The help desk answered ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
console.log(`The ticket for ${call.id} is open: ${answer.headers.get('Location') ?? answer.status}`);
