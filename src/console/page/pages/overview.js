import { api, withQuery } from '../api.js';
import { onEvent, streamSettled } from '../events.js';
import { aboutShown, numberTitle, ofNumber } from '../numbers.js';
import { direction, fact, hostOf, shown } from '../parts/gates.js';
import { load } from '../parts/load.js';
import { nextStep, sentenceOf } from '../parts/next-step.js';
import { table } from '../parts/table.js';
import { technical } from '../parts/technical.js';
import { age, dash, number } from '../parts/time.js';
import { linkTo } from '../router.js';
import { t, word } from '../texts.js';
import { fill, h } from '../view.js';

/** @import { Figure, Status } from '../api-shapes.js' */
/** @import { GateContext } from '../parts/gates.js' */

/** What changes the diagnosis. */
const CHANGES = /** @type {const} */ ([
  'settings.updated',
  'compliance.snapshot',
  'compliance.eligibility_changed',
  'account.restricted',
  'webhook.silent',
  'reset',
]);

const LISTENERS_MS = 20_000;

/** Whether the operator is using what is drawn, which drawing again would take away. @param {HTMLElement} body */
const isBusy = (body) => body.contains(document.activeElement) || body.querySelector('details[open]') !== null;

/** @param {HTMLElement} place */
export function overviewPage(place) {
  let refresh = false;
  const body = h('div', { class: 'stack' });
  const again = load(
    body,
    async (signal) => {
      // This console takes calls itself, as soon as it listens.
      await streamSettled();
      return api('GET', withQuery('/api/calling/status', { refresh: refresh ? 'true' : null, ...ofNumber() }), undefined, { signal });
    },
    (status) => diagnosis(status, () => void askAnew()),
  );
  const renew = h('button', { type: 'button', on: { click: () => askAnew() } }, t('shell.refresh'));
  const askAnew = async () => {
    refresh = true;
    await again();
    refresh = false;
  };
  fill(place, h('div', { class: 'head' }, h('h1', { tabindex: -1 }, t('overview.title')), renew), body);
  const stops = CHANGES.map((type) => onEvent(type, aboutShown(again)));
  stops.push(onEvent('stream', ({ state }) => state === 'open' && void again()));
  // Consoles that others open or close are announced by no event.
  const clock = setInterval(() => !document.hidden && !isBusy(body) && void again(), LISTENERS_MS);
  stops.push(() => clearInterval(clock));
  return () => {
    for (const stop of stops) stop();
  };
}

/** @param {Status} status @param {() => void} changed */
function diagnosis(status, changed) {
  const said = blocking(status)?.code ?? null;
  const context = { said, changed };
  return [
    headline(status, context),
    h('div', { class: 'columns' }, direction('outbound', status.outbound, context), direction('inbound', status.inbound, context)),
    h('div', { class: 'columns' }, webhook(status), refusals(status.recent_refusals)),
    figures(status.figures),
  ];
}

/** What blocks calls: the first failing gate, of outbound calls before that of inbound ones. @param {Status} status */
const blocking = ({ outbound, inbound }) => [...outbound.gates, ...inbound.gates].find(({ verdict }) => verdict === 'fail');

/** Whether the number can call and be called; if not, why, and the button of what to do. @param {Status} status @param {GateContext} context */
function headline(status, context) {
  const { inbound, outbound, checked_at, phone_number_id } = status;
  const verdicts = [inbound.verdict, outbound.verdict];
  const open = verdicts.includes('unknown') ? 'plain' : 'good';
  const tone = verdicts.includes('blocked') ? 'bad' : open;
  const cause = blocking(status);
  return h(
    'div',
    { class: `headline ${tone}`, role: 'status' },
    h('p', {}, summary(inbound.verdict, outbound.verdict)),
    cause ? h('p', { class: 'why' }, sentenceOf(cause.code)) : null,
    cause ? nextStep(cause.code, { ...context, at: cause.retry_at, report: () => reportOf(cause) }) : null,
    h('p', { class: 'faint' }, `${t('shell.number')} ${numberTitle(phone_number_id)} · ${t('overview.checked')} `, age(checked_at)),
  );
}

/** @param {Status['inbound']['verdict']} inbound @param {Status['outbound']['verdict']} outbound */
function summary(inbound, outbound) {
  if (inbound === 'available' && outbound === 'available') return t('overview.bothAvailable');
  return `${t(`overview.outbound.${outbound}`)} ${t(`overview.inbound.${inbound}`)}`;
}

const reportOf = (/** @type {unknown} */ found) => JSON.stringify({ page: location.href, found }, null, 2);

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
      fact(t('overview.registered'), registered_url === null ? dash() : hostOf(registered_url)),
      fact(t('overview.matches'), matches_public_url === null ? dash() : t(matches_public_url ? 'word.yes' : 'word.no')),
      fact(t('overview.lastDelivery'), age(last_delivery_at)),
      fact(t('overview.lastCallEvent'), age(last_call_event_at)),
      forwarding ? forwarded(forwarding) : null,
    ),
    forwarding && forwarding.set_aside > 0 ? h('p', { class: 'remedy' }, t('overview.setAsideRemedy')) : null,
    technical(() => h('pre', {}, JSON.stringify({ registered_url, forwarding }, null, 2))),
  );
}

/** @param {NonNullable<Status['forwarding']>} forwarding */
const forwarded = ({ target, pending, oldest_received_at, set_aside }) => [
  fact(t('overview.forwardedTo'), hostOf(target)),
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

const refusal = (/** @type {Status['recent_refusals'][number]} */ group) =>
  h(
    'li',
    { class: 'gate fail' },
    h('div', { class: 'gate-head' }, h('strong', {}, sentenceOf(group.code))),
    nextStep(group.code, { callId: group.example_call_id ?? undefined, report: () => reportOf(group) }),
    h(
      'p',
      { class: 'faint' },
      `${t('overview.refusal', { count: number(group.count), operation: word('operation', group.operation) })}, ${t('overview.lastSeen')} `,
      age(group.last_at),
      group.example_call_id ? [' · ', h('a', { href: linkTo(['calls', group.example_call_id]) }, t('overview.example'))] : null,
    ),
    technical(() => h('pre', {}, JSON.stringify(group, null, 2))),
  );
