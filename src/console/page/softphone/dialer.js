import { allNumbers, hasSeveral, lastNumber, numberIds, numberTitle, shownNumber } from '../numbers.js';
import { nameOf } from '../parts/call.js';
import { findPeople } from '../parts/find-people.js';
import { field, form } from '../parts/form.js';
import { gateList, wasAsked } from '../parts/gates.js';
import { nextStep, sentenceOf } from '../parts/next-step.js';
import { numberHint } from '../parts/number-hint.js';
import { age, moment } from '../parts/time.js';
import { route } from '../router.js';
import { can } from '../session.js';
import { t, word } from '../texts.js';
import { fill, h } from '../view.js';
import { isName } from '../whom.js';
import { speaking } from './lines.js';
import { place as call, preflight } from './outbound.js';
import { troubleView } from './problem.js';

/** @import { Preflight } from '../api-shapes.js' */
/** @import { Context } from '../parts/next-step.js' */

/** An answer of the preflight is used for a call that follows within this. */
const FRESH_MS = 10_000;

/** The field for a number, whether it may be called, and the button that does. */
export function dialer() {
  const typed = h('input', {
    type: 'search',
    required: true,
    autocomplete: 'off',
    name: 'to',
    value: route().query.to ?? '',
  });
  const hint = numberHint(typed);
  const state = h('div', { class: 'phone-preflight', 'aria-live': 'polite' });
  const trouble = h('div');
  const from = fromChoice();
  const ofNumber = () => (from ? { phone_number_id: from.value } : {});
  /** @type {{ to: string, from: string, at: number, answer: Promise<Preflight | null> } | null} */
  let last = null;
  const look = async () => {
    const to = typed.value.trim();
    const number = from?.value ?? '';
    // While a name is typed, people are shown under the field: there is no number to ask about yet.
    if (isName(to) || hint.isWrong()) return null;
    if (to === '' || (last?.to === to && last.from === number && Date.now() - last.at < FRESH_MS)) return last?.answer;
    const mine = { to, from: number, at: Date.now(), answer: can('permissions:read') ? preflight(to, ofNumber()) : Promise.resolve(null) };
    last = mine;
    fill(state, h('p', { class: 'loading' }, t('softphone.checking')));
    const shown = await mine.answer.then(
      (found) => found && verdict(found, context()),
      (error) => troubleView(error, context()),
    );
    if (last === mine) fill(state, shown);
    return mine.answer;
  };
  /** @returns {Context} */
  const context = () => ({ address: typed.value.trim(), number: from?.value, input: typed, call: () => submit(), changed: lookAgain });
  const lookAgain = () => {
    last = null;
    fill(trouble);
    void look()?.catch(() => undefined);
  };
  for (const input of [typed, from]) input?.addEventListener('change', () => void look()?.catch(() => undefined));
  if (typed.value) void look()?.catch(() => undefined);
  const submit = async () => {
    fill(trouble);
    if (hint.refuse()) return;
    if (isName(typed.value)) return t('find.choose');
    if (speaking()) return t('softphone.busy');
    try {
      const found = await look();
      // An operator without the scope for a preflight dials without one: a refused dial rings no phone.
      await call(typed.value.trim(), found?.next_step ?? 'dial', ofNumber());
      last = null;
      fill(state);
    } catch (error) {
      last = null;
      fill(state);
      fill(trouble, troubleView(error, context()));
    }
  };
  const choose = (/** @type {string} */ address, /** @type {string} */ number) => {
    typed.value = address;
    if (from) from.value = number;
    void look()?.catch(() => undefined);
    typed.focus();
  };
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'phone-place' },
    h('h2', { id: 'phone-place' }, t('softphone.place')),
    form(
      [from ? field(t('softphone.from'), from) : null, field(t('softphone.number'), typed, t('softphone.numberHint')), hint.element],
      t('softphone.call'),
      submit,
      { class: 'phone-dialer' },
    ),
    trouble,
    state,
    findPeople(typed, choose),
  );
}

/** The number that calls, where there are several: those that may not call now can be seen and not chosen. */
function fromChoice() {
  if (!hasSeveral()) return null;
  const paused = new Set(allNumbers().flatMap(({ phone_number_id: id, state }) => (state === 'active' ? [] : [id])));
  const wanted = shownNumber() ?? lastNumber();
  const ids = numberIds();
  const first = ids.find((id) => id === wanted && !paused.has(id)) ?? ids.find((id) => !paused.has(id));
  const option = (/** @type {string} */ id) =>
    h('option', { value: id, disabled: paused.has(id), selected: id === first }, numberTitle(id));
  return h('select', { name: 'from', required: true }, ids.map(option));
}

/** Whether the person may be called, why not, and what to do. @param {Preflight} found @param {Context} about */
function verdict({ next_step, code, earliest_at, gates, user }, about) {
  const context = { ...about, user, at: earliest_at };
  const waiting = wasAsked(gates);
  const title = waiting ? t('people.waiting', { who: nameOf(user) }) : word('step', next_step);
  // Where the person must be asked first, calling does that.
  const said = next_step === 'refuse' ? code : null;
  return [
    h('p', { class: 'answer' }, waiting ? title : [user.name ? `${user.name}: ` : '', title]),
    said && !waiting ? h('p', { class: 'remedy' }, sentenceOf(said, context)) : null,
    said ? nextStep(said, context) : null,
    waiting ? h('p', {}, t('people.waitingNext')) : null,
    earliest_at && !waiting ? h('p', {}, `${t('softphone.earliest')} `, moment(earliest_at), ' (', age(earliest_at), ')') : null,
    h('details', {}, h('summary', {}, t('softphone.gates')), gateList(gates, { ...context, waiting, said })),
  ];
}
