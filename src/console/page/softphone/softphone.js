import { api, withQuery } from '../api.js';
import { onEvent } from '../events.js';
import { nameOf } from '../parts/call.js';
import { onRoute, route } from '../router.js';
import { can, onSession, onSignOut, session } from '../session.js';
import { addTexts, t, word } from '../texts.js';
import { announce, h } from '../view.js';
import { dialer } from './dialer.js';
import { startDock } from './dock.js';
import { endBeforeSignOut, endWithWindow, heldBefore, isWaiting, keepHeld } from './held.js';
import { iceServers } from './ice.js';
import { inboundChanged, incoming } from './inbound.js';
import { keepLeases } from './lease.js';
import { allLines, changed, closeLine, dropMedia, learn, lineOf, onLines, openLine, speaking } from './lines.js';
import { outboundChanged, place, preflight, show } from './outbound.js';
import { soundSettings } from './sound-settings.js';
import { texts } from './texts.js';

export { troubleView } from './problem.js';

/** @import { Call, Events } from '../api-shapes.js' */
/** @import { Line } from './lines.js' */

addTexts(texts);

const STYLE = '/console/softphone/softphone.css';

/** Starts the phone: from now on incoming calls ring in the dock, on every page. @param {HTMLElement} dock */
export function startSoftphone(dock) {
  document.head.append(h('link', { rel: 'stylesheet', href: STYLE }));
  startDock(dock);
  const before = heldBefore();
  onLines(keepHeld);
  keepLeases();
  endWithWindow();
  onSignOut(endBeforeSignOut);
  onEvent('call.*', hear);
  onEvent('reset', () => void catchUp([]));
  onRoute(() => void openNamed());
  onSession(() => (session() ? void catchUp([]) : leaveAll()));
  void catchUp(before);
  void openNamed();
  void iceServers();
}

/** The page `#/softphone`: the dialler, and the operator's settings. @param {HTMLElement} place */
export function softphonePage(place) {
  const settings = soundSettings();
  place.append(
    h('p', { class: 'lead' }, t('softphone.lead')),
    h('div', { class: 'columns' }, can('calls:dial') ? dialer() : null, settings.element),
  );
  return settings.leave;
}

/**
 * Calls a person from any page; the call appears in the dock.
 * @param {string} address a phone number or a BSUID
 * @param {{ phone_number_id?: string }} of the number that calls
 * @returns {Promise<string | null>} why nothing was dialled: another call goes on
 * @throws {import('../api.js').Refusal | import('./microphone.js').MicrophoneError}
 */
export async function callPerson(address, of) {
  if (speaking()) return t('softphone.busy');
  // An operator without the scope for a preflight dials without one: a refused dial rings no phone.
  const found = can('permissions:read') ? await preflight(address, of) : null;
  await place(address, found?.next_step ?? 'dial', of);
  return null;
}

/** @param {Events['call.*']} event */
function hear({ type, data }) {
  if (!learn(data)) return;
  if (type === 'call.incoming') incoming(data);
  const line = lineOf(data.id);
  if (line) follow(line, type);
}

/** What a younger word on a call means for its line. @param {Line} line @param {string} type */
function follow(line, type) {
  const { call } = line;
  if (call.direction === 'inbound') inboundChanged(line, type);
  else outboundChanged(line);
  if (type === 'call.answered' && line.mine) announce(`${nameOf(call.user)}: ${t('softphone.talking')}`);
  if (call.state === 'ended') over(line);
  else if (call.direction === 'inbound' && call.state === 'in_progress' && !line.mine && !line.lost) closeLine(line);
  changed();
}

/** @param {Line} line */
function over(line) {
  dropMedia(line);
  const { call } = line;
  // A call that another operator took, or that was missed, gets no card.
  if (call.direction === 'inbound' && !line.mine && !line.lost) return closeLine(line);
  announce(`${nameOf(call.user)}: ${t('softphone.over', { outcome: word('outcome', call.outcome ?? 'unknown') })}`);
}

/** What rings, and what this window held before it was loaded again. @param {string[]} before */
async function catchUp(before) {
  /** @type {{ data: Call[] }} */
  const { data } = can('calls:read')
    ? await api('GET', withQuery('/api/calling/calls', { state: 'ringing', direction: 'inbound', limit: 20 })).catch(() => ({ data: [] }))
    : { data: [] };
  for (const call of data) if (!lineOf(call.id) && !before.includes(call.id)) incoming(call);
  const ids = [...new Set([...before, ...allLines().map(({ call }) => call.id)])];
  for (const call of (await Promise.all(ids.map(read))).flatMap((found) => found ?? [])) {
    learn(call);
    if (before.includes(call.id) && call.state !== 'ended') openLine(call, { mine: true, lost: !isWaiting(call) });
    const line = lineOf(call.id);
    if (line) follow(line, 'call.updated');
  }
  changed();
}

/** Click to call: the address of a live call opens it here, too. */
async function openNamed() {
  const [page, id] = route().path;
  if (page !== 'calls' || id === undefined || !session() || lineOf(id)) return;
  const call = await read(id);
  if (!call || call.state === 'ended' || lineOf(call.id)) return;
  if (call.direction === 'outbound') show(call);
  else if (call.state === 'ringing') incoming(call);
  else openLine(call);
  changed();
}

const read = (/** @type {string} */ id) => api('GET', `/api/calling/calls/${encodeURIComponent(id)}`).catch(() => null);

/** Stops the phone after a sign-out: audio and events end. */
function leaveAll() {
  for (const line of allLines()) closeLine(line);
}
