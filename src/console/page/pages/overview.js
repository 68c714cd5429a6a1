import { api, withQuery } from '../api.js';
import { onEvent } from '../events.js';
import { aboutShown, ofNumber } from '../numbers.js';
import { direction, fact, shown } from '../parts/gates.js';
import { load } from '../parts/load.js';
import { table } from '../parts/table.js';
import { age, dash, number } from '../parts/time.js';
import { linkTo } from '../router.js';
import { t, word } from '../texts.js';
import { fill, h, prose } from '../view.js';

/** @import { Figure, Status } from '../api-shapes.js' */

/** What changes the diagnosis. */
const CHANGES = /** @type {const} */ ([
  'settings.updated',
  'compliance.snapshot',
  'compliance.eligibility_changed',
  'account.restricted',
  'webhook.silent',
  'reset',
]);

/** @param {HTMLElement} place */
export function overviewPage(place) {
  let refresh = false;
  const body = h('div', { class: 'stack' });
  const again = load(
    body,
    (signal) => api('GET', withQuery('/api/calling/status', { refresh: refresh ? 'true' : null, ...ofNumber() }), undefined, { signal }),
    diagnosis,
  );
  const renew = h('button', { type: 'button', on: { click: () => askAnew() } }, t('shell.refresh'));
  const askAnew = async () => {
    refresh = true;
    await again();
    refresh = false;
  };
  fill(place, h('div', { class: 'head' }, h('h1', { tabindex: -1 }, t('overview.title')), renew), body);
  const stops = CHANGES.map((type) => onEvent(type, aboutShown(again)));
  return () => {
    for (const stop of stops) stop();
  };
}

/** @param {Status} status */
function diagnosis(status) {
  return [
    headline(status),
    h('div', { class: 'columns' }, direction('outbound', status.outbound), direction('inbound', status.inbound)),
    h('div', { class: 'columns' }, webhook(status), refusals(status.recent_refusals)),
    figures(status.figures),
  ];
}

/** @param {Status} status */
function headline({ headline: text, inbound, outbound, checked_at, phone_number_id }) {
  const verdicts = [inbound.verdict, outbound.verdict];
  const open = verdicts.includes('unknown') ? 'plain' : 'good';
  const tone = verdicts.includes('blocked') ? 'bad' : open;
  return h(
    'div',
    { class: `headline ${tone}`, role: 'status' },
    h('p', {}, text),
    h('p', { class: 'faint' }, `${t('overview.number')} ${phone_number_id} · ${t('overview.checked')} `, age(checked_at)),
  );
}

/** @param {Status['figures']} all */
function figures(all) {
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'figures' },
    h('h2', { id: 'figures' }, t('overview.figures')),
    table({
      caption: t('overview.figures'),
      empty: '',
      rows: Object.entries(all),
      columns: [
        [t('overview.figure'), ([name]) => word('figure', name)],
        [t('overview.value'), ([, figure]) => value(figure)],
        [t('gate.source'), ([, { source }]) => (source === null ? dash() : word('source', source))],
        [t('gate.observed'), ([, { observed_at }]) => age(observed_at)],
      ],
    }),
  );
}

/** @param {Figure} figure */
function value({ value: found, reason }) {
  if (found === null) return h('span', {}, dash(), reason === null ? null : h('small', { class: 'faint' }, ` ${word('reason', reason)}`));
  if (typeof found === 'boolean') return t(found ? 'word.yes' : 'word.no');
  return h('span', { class: 'breakable' }, shown(found));
}

/** @param {Status} status */
function webhook({ webhook: { registered_url, matches_public_url, last_delivery_at, last_call_event_at }, forwarding }) {
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'webhook' },
    h('h2', { id: 'webhook' }, t('overview.webhook')),
    h(
      'dl',
      { class: 'facts' },
      fact(t('overview.registered'), registered_url === null ? dash() : h('code', { class: 'breakable' }, registered_url)),
      fact(t('overview.matches'), matches_public_url === null ? dash() : t(matches_public_url ? 'word.yes' : 'word.no')),
      fact(t('overview.lastDelivery'), age(last_delivery_at)),
      fact(t('overview.lastCallEvent'), age(last_call_event_at)),
      forwarding ? forwarded(forwarding) : null,
    ),
    forwarding && forwarding.set_aside > 0 ? h('p', { class: 'remedy' }, prose(t('overview.setAsideRemedy'))) : null,
  );
}

/** @param {NonNullable<Status['forwarding']>} forwarding */
const forwarded = ({ target, pending, oldest_received_at, set_aside }) => [
  fact(t('overview.forwardedTo'), h('code', { class: 'breakable' }, target)),
  fact(t('overview.forwardPending'), oldest_received_at === null ? number(pending) : [`${number(pending)}, `, age(oldest_received_at)]),
  fact(t('overview.setAside'), number(set_aside)),
];

/** @param {Status['recent_refusals']} groups */
function refusals(groups) {
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'refusals' },
    h('h2', { id: 'refusals' }, t('overview.refusals')),
    groups.length === 0 ? h('p', { class: 'empty' }, t('overview.refusalsNone')) : h('ul', { class: 'gates' }, groups.map(refusal)),
  );
}

const refusal = (
  /** @type {Status['recent_refusals'][number]} */ { code, upstream_code, operation, count, last_at, example_call_id, cause, remedy },
) =>
  h(
    'li',
    { class: 'gate fail' },
    h('div', { class: 'gate-head' }, h('strong', {}, prose(cause ?? code))),
    remedy ? h('p', { class: 'remedy' }, prose(remedy)) : null,
    h(
      'p',
      { class: 'faint' },
      `${t('overview.refusal', { count: number(count), operation: word('operation', operation) })}, ${t('overview.lastSeen')} `,
      age(last_at),
      ' · ',
      h('code', {}, upstream_code === null ? code : `${code} (${upstream_code})`),
      example_call_id ? [' · ', h('a', { href: linkTo(['calls', example_call_id]) }, t('overview.example'))] : null,
    ),
  );
