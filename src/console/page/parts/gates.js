import { t, word } from '../texts.js';
import { h } from '../view.js';
import { badge } from './badge.js';
import { phone } from './call.js';
import { nextStep, sentenceOf } from './next-step.js';
import { age, dash, moment, number, percent } from './time.js';

/** @import { Direction, Gate, PreflightGate } from '../api-shapes.js' */
/** @import { Child } from '../view.js' */
/** @import { Context } from './next-step.js' */
/** @typedef {Gate | PreflightGate} AnyGate */

const RANK = { fail: 0, warning: 1, unknown: 2, pass: 3 };
/** Gates that never refuse a call. */
const INFORMS = ['conversations_1k'];

/** Gates that fail while the answer to a permission request is awaited: nothing is wrong then. */
const OF_ASKING = ['permission', 'asking', 'window'];

/** What is shown of gates: whom they are about; `said` is the code that stands above them already; `waiting` when a person was asked. @typedef {Context & { said?: string | null, waiting?: boolean }} GateContext */

/** Gates with verdict, sentence, next step and evidence; those that ask for something come first. @param {readonly AnyGate[]} gates @param {GateContext} [context] */
export function gateList(gates, context = {}) {
  const sorted = [...gates].sort((a, b) => RANK[a.verdict] - RANK[b.verdict]);
  return h(
    'ul',
    { class: 'gates' },
    sorted.map((gate) => gateItem(gate, context)),
  );
}

/** Whether the person was asked, as far as the gates say. @param {readonly AnyGate[]} gates */
export const wasAsked = (gates) => gates.some(({ code, verdict }) => verdict === 'fail' && code === 'permission_request_limit_reached');

/** @param {AnyGate} gate @param {GateContext} context */
function gateItem(gate, context) {
  const waits = context.waiting && OF_ASKING.includes(gate.name) && gate.verdict === 'fail';
  const shown = waits ? 'waiting' : gate.verdict;
  const head = [h('strong', {}, word('gate', gate.name)), badge('verdict', shown)];
  if (gate.verdict === 'pass')
    return h('li', { class: 'gate pass' }, h('details', {}, h('summary', {}, h('span', { class: 'gate-head' }, head)), evidence(gate)));
  const until = 'retry_at' in gate ? gate.retry_at : gate.earliest_at;
  return h(
    'li',
    { class: `gate ${shown}` },
    h('div', { class: 'gate-head' }, head),
    gate.code && gate.code !== context.said && !waits
      ? [
          h('p', { class: 'remedy' }, sentenceOf(gate.code, context)),
          nextStep(gate.code, { ...context, at: until, report: () => reportOf(gate) }),
        ]
      : null,
    INFORMS.includes(gate.name) ? h('p', {}, t('gate.informs')) : null,
    until ? h('p', {}, `${t('gate.until')} `, moment(until), ' (', age(until), ')') : null,
    evidence(gate),
  );
}

/** What a gate rests on. What was found is left out only where nothing is to be found. @param {AnyGate} gate */
const evidence = ({ name, value, required, source, observed_at, verdict }) =>
  h(
    'dl',
    { class: 'facts' },
    value === null && (verdict === 'pass' || required === null) ? null : fact(t('gate.found'), shown(value, name)),
    required === null ? null : fact(t('gate.required'), shown(required, name)),
    source === null ? null : fact(t('gate.source'), word('source', source)),
    observed_at === null ? null : fact(t('gate.observed'), age(observed_at)),
  );

/** What an administrator needs to know. @param {AnyGate} gate */
const reportOf = (gate) => JSON.stringify({ page: location.href, ...gate }, null, 2);

/**
 * A value of the wire as people say it; words that no book has stay as they are.
 * @param {unknown} value
 * @param {string} [name] of its gate
 */
export function shown(value, name = '') {
  if (typeof value === 'number') return name === 'pick_up_rate' ? percent(value) : number(value);
  if (typeof value !== 'string') return dash();
  if (/^https?:/.test(value)) return hostOf(value);
  if (name === 'country') return value.startsWith('not ') ? t('value.notIn', { countries: value.slice(4) }) : phone(value);
  return value.startsWith('TIER_') ? tier(value) : word('value', value);
}

/** Whose server an address is of: people need no more of it. @param {string} url */
export const hostOf = (url) => (URL.canParse(url) ? new URL(url).host : url);

const THOUSAND = 1_000;
/** Such as `2,000 people per 24 hours` for `TIER_2K`. @param {string} name */
function tier(name) {
  const [, digits, thousands] = /^TIER_(\d+)(K?)$/.exec(name) ?? [];
  if (digits === undefined) return name === 'TIER_UNLIMITED' ? t('eligibility.unlimited') : name;
  return t('eligibility.perDay', { value: number(Number(digits) * (thousands ? THOUSAND : 1)) });
}

/** One term with its description. @param {string} term @param {Child[]} description */
export const fact = (term, ...description) => h('div', {}, h('dt', {}, term), h('dd', {}, description));

/** A direction with its verdict and gates. @param {'inbound' | 'outbound'} name @param {Direction} found @param {GateContext} [context] */
export function direction(name, { verdict, gates }, context = {}) {
  return h(
    'section',
    { class: 'card', 'aria-labelledby': `direction-${name}` },
    h('div', { class: 'card-head' }, h('h2', { id: `direction-${name}` }, t(`direction.${name}`)), badge('verdict', verdict)),
    gateList(gates, context),
  );
}
