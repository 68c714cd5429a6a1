import type { SimulatedLine } from '#simulator/line.js';
import type { Simulator } from '#simulator/simulator.js';
import { EMPTY_PRESENT, HISTORIES, historyOf } from '#simulator/traffic/histories.js';
import { heldPermission, windowOpen } from '#simulator/world/permissions.js';
import type { SimulatedUser } from '#simulator/world/user.js';
import { nextView } from './views.js';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (value: unknown): string => String(value ?? '–').replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

const row = (cells: unknown[], heads: string[]): string =>
  `<tr>${cells.map((cell, index) => `<td data-head="${heads[index]}">${escaped(cell)}</td>`).join('')}</tr>`;
const table = (heads: string[], rows: unknown[][], empty: string): string =>
  rows.length
    ? `<table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead><tbody>${rows.map((cells) => row(cells, heads)).join('')}</tbody></table>`
    : `<p>${empty}</p>`;

const CLOCK = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });

const curl = (method: string, url: string, body?: string): string =>
  `curl -X ${method} ${url}${body === undefined ? '' : ` -H 'content-type: application/json' -d '${body}'`}`;

const RESTRICTED = '{"restrictions":[{"type":"RESTRICTED_BIZ_INITIATED_AND_USER_INITIATED_CALLING","seconds":3600}]}';

/** Lines to copy. @param api the absolute address of the control API */
const curlLines = (api: string): [string, string][] => [
  ['Fede calls the business', curl('POST', `${api}/users/fede/call`)],
  ['Fede hangs up', curl('POST', `${api}/users/fede/hang-up`)],
  ['Ana grants permission now', curl('POST', `${api}/users/ana/grant`)],
  ['Ana answers now', curl('POST', `${api}/users/ana/answer`)],
  ['Ana hangs up', curl('POST', `${api}/users/ana/hang-up`)],
  ['Fede changes his number', curl('POST', `${api}/users/fede/change-number`, '{"wa_id":"5215512340099"}')],
  ['Elena, who hides hers, gets another BSUID', curl('POST', `${api}/users/elena/change-user-id`)],
  ['Gina writes: her 24 h window opens', curl('POST', `${api}/users/gina/message`, '{"text":"Hello"}')],
  ['Ana never answers again', curl('PUT', `${api}/users/ana`, '{"script":{"on_call":"no_answer"}}')],
  ['Time stands still until it is moved on', curl('POST', `${api}/clock`, '{"hold":true}')],
  ['An hour passes', curl('POST', `${api}/clock`, '{"advance_seconds":3600}')],
  ['Calls of both sides are paused for an hour', curl('PATCH', `${api}/number`, RESTRICTED)],
  ['No restriction any more', curl('PATCH', `${api}/number`, '{"restrictions":[]}')],
  ['Meta disables the account', curl('PATCH', `${api}/number`, '{"account":"disabled"}')],
  ['Meta reinstates it', curl('PATCH', `${api}/number`, '{"account":"active"}')],
  ['The Meta Business Agent answers Ana', curl('POST', `${api}/users/ana/hand-over`, '{"to":"agent"}')],
  ['The business is restricted: another history', curl('PUT', `${api}/history`, '{"history":"restricted"}')],
  ['The restriction is over: a history without one', curl('PUT', `${api}/history`, '{"history":"growing"}')],
  ['Back to the present, without a past', curl('PUT', `${api}/history`, '{"history":"none"}')],
  ['Its last 30 days arrive, message by message and call by call', curl('POST', `${api}/traffic`, '{"days":30}')],
  ['Another number, with a key for POST /api/numbers', curl('POST', `${api}/numbers`, '{"name":"Sales"}')],
  ['The number loses its tier', curl('PATCH', `${api}/number`, '{"tier":"TIER_250"}')],
  ['The next dial happens, but its answer is lost', curl('POST', `${api}/faults`, '{"operation":"connect","afterwards":"hang"}')],
  ['The next terminate webhook is lost', curl('POST', `${api}/faults`, '{"webhook":"terminate","effect":"lose"}')],
  ['No more faults', curl('DELETE', `${api}/faults`)],
  ['Everything as at the start', curl('POST', `${api}/reset`)],
];

/** Every past with a button, in English and in Spanish; the loaded one is marked, and can be left. */
function pasts({ traffic }: SimulatedLine, prefix: string, query: string): string {
  const button = (action: string, name: string, text: string) =>
    `<button formaction="${escaped(prefix)}/${action}${query}" name="history" value="${name}">${text}</button>`;
  const rows = HISTORIES.filter((name) => name !== EMPTY_PRESENT).map((name) => {
    const [en, es] = historyOf(name).texts;
    const isLoaded = traffic.history === name;
    const acts = isLoaded ? button('traffic', name, 'Live its 30 days / Vivir sus 30 días') : button('history', name, 'Load / Cargar');
    return `<tr${isLoaded ? ' aria-current="true"' : ''}><td>${name}</td><td>${escaped(en)}<br><span lang="es">${escaped(es)}</span></td><td>${acts}</td></tr>`;
  });
  const present =
    traffic.history === EMPTY_PRESENT
      ? '<p>No past is loaded. <span lang="es">No hay ningún pasado cargado.</span></p>'
      : `<p>Loaded: ${traffic.history}. <span lang="es">Cargado: ${traffic.history}.</span>
${button('history', EMPTY_PRESENT, 'Return to the empty present / Volver al presente vacío')}</p>`;
  return `<form method="post">${present}<table><tbody>${rows.join('')}</tbody></table></form>`;
}

/** The numbers, when there are several: each leads to its own page. */
function numbersTable({ lines }: Simulator, shown: SimulatedLine, prefix: string): string {
  if (lines.length === 1) return '';
  const rows = lines.map((line) => {
    const { phoneNumberId, displayPhoneNumber, name } = line.identity;
    const link = `<a href="${escaped(prefix || '/')}?phone_number_id=${phoneNumberId}"${line === shown ? ' aria-current="page"' : ''}>+${displayPhoneNumber}</a>`;
    return `<tr><td>${link}</td><td>${escaped(name)}</td><td>${phoneNumberId}</td><td>${line.delivery.target ? 'registered' : 'none'}</td></tr>`;
  });
  const heads = ['Number', 'Name', 'Id', 'Webhook'].map((head) => `<th scope="col">${head}</th>`);
  return `<h2>Numbers</h2><table><thead><tr>${heads.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** Where webhooks go, in words. */
function targetsOf({ delivery, appDelivery }: SimulatedLine): string {
  const targets = [
    ...(delivery.target ? ['to the registered address'] : []),
    ...(appDelivery.target ? ['to the subscription of the app'] : []),
  ];
  return targets.length ? `go ${targets.join(' and ')}` : 'go nowhere yet: none is registered';
}

/** The overview as a page without any script; its style is a file of its own, so that a strict CSP holds. */
export function page(simulator: Simulator, line: SimulatedLine, prefix: string, origin: string): string {
  const { context, clock } = line;
  const query = line === simulator ? '' : `?phone_number_id=${line.identity.phoneNumberId}`;
  const now = clock.now();
  const person = (user: SimulatedUser): unknown[] => [
    user.id,
    user.waId ?? user.userId,
    user.role,
    heldPermission(user, now)?.kind ?? 'none',
    windowOpen(user, now) ? 'open' : 'closed',
  ];
  const calls = context.calls.live().map(({ id, user, direction, state }) => [id, user.name, direction, state]);
  const next = nextView(line).map(({ in_seconds, what }) => [`${String(in_seconds)} s`, what]);
  const lines = curlLines(`${origin}${prefix}/api`).map(
    ([what, line]) => `<dt>${escaped(what)}</dt><dd><pre><code>${escaped(line)}</code></pre></dd>`,
  );
  const phones = context.users
    .all()
    .map(({ id, name }) => `<a href="${escaped(prefix)}/phone?user=${encodeURIComponent(id)}">${escaped(name)}</a>`)
    .join(', ');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Simulator</title><link rel="icon" href="data:,"><link rel="stylesheet" href="${escaped(prefix)}/page.css"></head><body><main>
<h1>Simulator</h1>
<p>Nobody here is real. This stands in for 360dialog, Meta and the phones of these people.
It is ${escaped(CLOCK.format(now))} UTC here${clock.held ? ', and the clock is held' : ''}; webhooks ${targetsOf(line)}.
Load the page again for news; everything as JSON: <a href="${escaped(prefix)}/api/state${query}">state</a>, <a href="${escaped(prefix)}/api/openapi.json">OpenAPI</a>.
Play one of them yourself, with your microphone: ${phones}.</p>
<p>As Meta itself, for programs that know no 360dialog: <code>${escaped(origin)}${escaped(prefix)}/graph</code> in place of
<code>https://graph.facebook.com</code>, with the key of the number as the access token, and the phone number id <code>${line.identity.phoneNumberId}</code>.
<br><span lang="es">Como si fuera Meta, para programas que no conocen 360dialog: <code>${escaped(origin)}${escaped(prefix)}/graph</code> en lugar de
<code>https://graph.facebook.com</code>, con la clave del número como token de acceso.</span></p>
<h2>Histories / Historias</h2>
<p>The past of the business, all invented: what the partner API tells of it, and its tier, quality and restrictions. Living 30 days
sends their webhooks, with their own times: a gateway marks what it publishes of them as past. Returning to the empty present ends
that, and what the past decided. Loading another one ends the restrictions of the one before: a gateway learns it with its next reading, within
a minute. Counts and calls stay with it: for those of one history alone, begin with an empty database.
<br><span lang="es">El pasado de la empresa, todo inventado: lo que cuenta la API de socios, su nivel, su calidad y sus restricciones.
Vivir 30 días envía sus webhooks con su propia hora: el gateway marca como pasado lo que publica de ellos. Volver al presente vacío lo
detiene y quita lo que el pasado decidió. Cargar otra pone fin a las restricciones de la anterior: el gateway lo sabe con su próxima lectura, en
un minuto. Los conteos y las llamadas quedan: para los de una sola historia, empiece con una base de datos vacía.</span></p>
${pasts(line, prefix, query)}
${numbersTable(simulator, line, prefix)}
<h2>People</h2>${table(['Handle', 'Number or BSUID', 'Plays', 'Permission', '24 h window'], context.users.all().map(person), 'Nobody.')}
<h2>Live calls</h2>${table(['Call', 'With', 'Direction', 'State'], calls, 'None.')}
<h2>What comes next</h2>${table(['In', 'What'], next, 'Nothing is planned.')}
<h2>Lines to copy</h2><dl>${lines.join('')}</dl>
</main></body></html>`;
}

export const PAGE_STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; background: light-dark(#fff, #16181d); color: light-dark(#1b1d22, #e8eaee) }
a { color: light-dark(#0b57d0, #9cc0ff) }
button { padding: .35rem .8rem; font: inherit; font-size: .9rem; cursor: pointer }
:focus-visible { outline: 3px solid light-dark(#0b57d0, #9cc0ff); outline-offset: 2px }
main { max-width: 72rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); overflow-wrap: anywhere }
pre { margin: .2rem 0 .8rem; padding: .5rem .7rem; white-space: pre-wrap; overflow-wrap: anywhere; background: color-mix(in srgb, currentColor 8%, transparent); border-radius: .4rem }
@media (min-width: 40rem) { th { overflow-wrap: normal } }
@media (max-width: 40rem) {
  table, tbody { display: block }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  tr { display: flex; flex-wrap: wrap; gap: .1rem .8rem; padding: .5rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent) }
  td { border: 0; padding: 0 } td:first-child { font-weight: 600 } form td { flex: 1 0 100% }
  td[data-head]:nth-child(n + 4)::before { content: attr(data-head) ': '; opacity: .75 }
}
form td:first-child { white-space: nowrap; overflow-wrap: normal }
code { overflow-wrap: anywhere }
dt { font-weight: 600 } dd { margin: 0 }
`;
