import { t, word } from '../texts.js';
import { h } from '../view.js';
import { badge } from './badge.js';
import { age, dash, moment } from './time.js';

const RANK = { fail: 0, warning: 1, unknown: 2, pass: 3 };

/** Gates with verdict, evidence and remedy; those that ask for something come first. */
export function gateList(gates) {
  const sorted = [...gates].sort((a, b) => RANK[a.verdict] - RANK[b.verdict]);
  return h('ul', { class: 'gates' }, sorted.map(gateItem));
}

function gateItem(gate) {
  const until = gate.retry_at ?? gate.earliest_at;
  return h(
    'li',
    { class: `gate ${gate.verdict}` },
    h('div', { class: 'gate-head' }, h('strong', {}, word('gate', gate.name)), badge('verdict', gate.verdict)),
    gate.remedy && gate.verdict !== 'pass' ? h('p', { class: 'remedy' }, gate.remedy) : null,
    until ? h('p', {}, `${t('gate.until')} `, moment(until), ' (', age(until), ')') : null,
    h(
      'dl',
      { class: 'facts' },
      fact(t('gate.found'), gate.value === null ? dash() : String(gate.value)),
      gate.required === null ? null : fact(t('gate.required'), String(gate.required)),
      gate.source === null ? null : fact(t('gate.source'), word('source', gate.source)),
      gate.observed_at === null ? null : fact(t('gate.observed'), age(gate.observed_at)),
      gate.code === null ? null : fact(t('gate.code'), h('code', {}, gate.code)),
    ),
  );
}

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
