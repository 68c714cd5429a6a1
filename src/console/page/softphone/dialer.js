import { allNumbers, hasSeveral, lastNumber, numberIds, numberTitle, shownNumber } from '../numbers.js';
import { findPeople } from '../parts/find-people.js';
import { field, form } from '../parts/form.js';
import { gateList } from '../parts/gates.js';
import { age, moment } from '../parts/time.js';
import { route } from '../router.js';
import { can } from '../session.js';
import { t, word } from '../texts.js';
import { fill, h, prose } from '../view.js';
import { isName } from '../whom.js';
import { speaking } from './lines.js';
import { place as call, preflight } from './outbound.js';
import { troubleView } from './problem.js';

/** @import { Preflight } from '../api-shapes.js' */

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
    if (to === '' || isName(to) || (last?.to === to && last.from === number && Date.now() - last.at < FRESH_MS)) return last?.answer;
    const mine = { to, from: number, at: Date.now(), answer: can('permissions:read') ? preflight(to, ofNumber()) : Promise.resolve(null) };
    last = mine;
    fill(state, h('p', { class: 'loading' }, t('softphone.checking')));
    const shown = await mine.answer.then(
      (found) => found && verdict(found),
      (error) => troubleView(error),
    );
    if (last === mine) fill(state, shown);
    return mine.answer;
  };
  for (const input of [typed, from]) input?.addEventListener('change', () => void look()?.catch(() => undefined));
  if (typed.value) void look()?.catch(() => undefined);
  const submit = async () => {
    fill(trouble);
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
      fill(trouble, troubleView(error));
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
      [from ? field(t('softphone.from'), from) : null, field(t('softphone.number'), typed, t('softphone.numberHint'))],
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

const verdict = (/** @type {Preflight} */ { next_step, remedy, earliest_at, gates, user }) => [
  h('p', { class: 'answer' }, [user.name ? `${user.name}: ` : '', word('step', next_step)]),
  // Where the person must be asked first, calling does that.
  remedy && next_step !== 'ask' ? h('p', { class: 'remedy' }, prose(remedy, { retry_at: earliest_at && moment(earliest_at) })) : null,
  earliest_at ? h('p', {}, `${t('softphone.earliest')} `, moment(earliest_at), ' (', age(earliest_at), ')') : null,
  h('details', {}, h('summary', {}, t('softphone.gates')), gateList(gates)),
];
