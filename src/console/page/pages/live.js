import { api } from '../api.js';
import { liveCalls, onLiveCalls, readLiveCalls } from '../live-calls.js';
import { hasSeveral, numberTitle, shownNumber } from '../numbers.js';
import { addressOf, callLink, directionOf, nameOf, phone, standing } from '../parts/call.js';
import { action, confirmed } from '../parts/form.js';
import { fact } from '../parts/gates.js';
import { load } from '../parts/load.js';
import { age, refreshAges } from '../parts/time.js';
import { linkTo } from '../router.js';
import { can } from '../session.js';
import { t } from '../texts.js';
import { fill, h } from '../view.js';

/** @import { Call } from '../api-shapes.js' */

const SINCE = /** @type {const} */ (['answered_at', 'ringing_at', 'dialed_at', 'permission_requested_at', 'created_at']);
const TICK_MS = 1_000;

/** @param {HTMLElement} place */
export function livePage(place) {
  const body = h('div');
  fill(place, h('h1', { tabindex: -1 }, t('live.title')), h('p', { class: 'lead' }, t('live.lead')), body);
  const shown = () => liveCalls().filter(({ phone_number_id: id }) => (shownNumber() ?? id) === id);
  load(body, readLiveCalls, () => list(shown()));
  const draw = () => fill(body, list(shown()));
  const stop = onLiveCalls(draw);
  const clock = setInterval(() => refreshAges(body), TICK_MS);
  return () => {
    stop();
    clearInterval(clock);
  };
}

const list = (/** @type {Call[]} */ calls) =>
  calls.length === 0 ? h('p', { class: 'empty card' }, t('live.none')) : h('ul', { class: 'cards' }, calls.map(card));

/** @param {Call} call */
function card(call) {
  const address = addressOf(call.user);
  const since = SINCE.map((name) => call[name]).find(Boolean);
  return h(
    'li',
    { class: 'card call' },
    h('div', { class: 'card-head' }, h('h2', {}, callLink(call, nameOf(call.user))), standing(call)),
    h(
      'p',
      {},
      directionOf(call),
      hasSeveral() ? ` · ${numberTitle(call.phone_number_id)}` : null,
      // A user may be known by name alone.
      address
        ? [' · ', h('a', { href: linkTo(['people', address], {}, hasSeveral() ? call.phone_number_id : undefined) }, phone(address))]
        : null,
    ),
    call.outcome_known ? null : h('p', { class: 'warn-text' }, t('live.notConfirmed')),
    call.claimed_by ? h('p', {}, t('live.takenBy', { who: call.claimed_by })) : null,
    h('dl', { class: 'facts' }, fact(t('live.since'), age(since)), call.expires_at ? fact(t('live.until'), age(call.expires_at)) : null),
    can('calls:control') ? action(verbOf(call), () => hangUp(call), { class: 'danger' }) : null,
  );
}

/** A call that does not ring yet is canceled, not hung up. @param {Call} call */
const verbOf = ({ state }) => t(['awaiting_permission', 'ready'].includes(state) ? 'live.cancel' : 'live.hangUp');

/** @param {Call} call */
async function hangUp(call) {
  const sure = await confirmed(t('live.endQuestion', { who: nameOf(call.user) }), verbOf(call), t('shell.cancel'));
  if (sure) await api('POST', '/api/calling/terminate', { call_id: call.id });
}
