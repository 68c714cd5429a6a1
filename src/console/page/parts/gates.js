import { t, word } from '../texts.js';
import { h, prose } from '../view.js';
import { badge } from './badge.js';
import { age, dash, moment, number } from './time.js';

const RANK = { fail: 0, warning: 1, unknown: 2, pass: 3 };

/** Gates with verdict, evidence and remedy; those that ask for something come first. */
export function gateList(gates) {
  const sorted = [...gates].sort((a, b) => RANK[a.verdict] - RANK[b.verdict]);
  return h('ul', { class: 'gates' }, sorted.map(gateItem));
}

function gateItem(gate) {
  const head = [h('strong', {}, word('gate', gate.name)), badge('verdict', gate.verdict)];
  if (gate.verdict === 'pass')
    return h('li', { class: 'gate pass' }, h('details', {}, h('summary', {}, h('span', { class: 'gate-head' }, head)), evidence(gate)));
  const until = gate.retry_at ?? gate.earliest_at;
  return h(
    'li',
    { class: `gate ${gate.verdict}` },
    h('div', { class: 'gate-head' }, head),
    gate.remedy ? h('p', { class: 'remedy' }, prose(gate.remedy)) : null,
    until ? h('p', {}, `${t('gate.until')} `, moment(until), ' (', age(until), ')') : null,
    evidence(gate),
  );
}

/** What a gate rests on. What was found is left out only where nothing is to be found. */
const evidence = ({ value, required, source, observed_at, code, verdict }) =>
  h(
    'dl',
    { class: 'facts' },
    value === null && (verdict === 'pass' || required === null) ? null : fact(t('gate.found'), shown(value)),
    required === null ? null : fact(t('gate.required'), shown(required)),
    source === null ? null : fact(t('gate.source'), word('source', source)),
    observed_at === null ? null : fact(t('gate.observed'), age(observed_at)),
    code === null ? null : fact(t('gate.code'), h('code', {}, code)),
  );

const shown = (value) => (value === null ? dash() : typeof value === 'number' ? number(value) : value);

/** One term with its description. */
export const fact = (term, ...description) => h('div', {}, h('dt', {}, term), h('dd', {}, description));

/** A direction with its verdict and gates. */
export function direction(name, { verdict, gates }) {
  return h(
    'section',
    { class: 'card', 'aria-labelledby': `direction-${name}` },
    h('div', { class: 'card-head' }, h('h2', { id: `direction-${name}` }, t(`direction.${name}`)), badge('verdict', verdict)),
    gateList(gates),
  );
}
