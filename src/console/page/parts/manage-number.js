import { api, newIdempotencyKey } from '../api.js';
import { numberTitle, readNumbers } from '../numbers.js';
import { linkTo } from '../router.js';
import { can, session } from '../session.js';
import { t } from '../texts.js';
import { fill, h } from '../view.js';
import { phone } from './call.js';
import { action, check, confirmed, field, form } from './form.js';
import { onceShown } from './secret.js';

/** @import { BusinessNumber } from '../api-shapes.js' */

/** @param {string} id @returns {`/api/numbers/${string}`} */
const at = (id) => `/api/numbers/${encodeURIComponent(id)}`;

/** What may be done with a number. @param {BusinessNumber} number @param {() => void} again */
export function manage(number, again) {
  const changed = async () => {
    again();
    await readNumbers();
  };
  if (number.state === 'removing') return [];
  return [
    h('div', { class: 'columns' }, naming(number, changed), number.source === 'environment' ? ofEnvironment() : newKey(number, changed)),
    number.source === 'environment' ? null : h('div', { class: 'columns' }, webhook(number, changed), removal(number, changed)),
  ];
}

/** @param {string} id @param {string} title @param {import('../view.js').Child} content */
const card = (id, title, content) => h('section', { class: 'card', 'aria-labelledby': id }, h('h2', { id }, title), content);

const ofEnvironment = () => card('number-environment', t('numbers.manage'), h('p', {}, t('numbers.ofEnvironment')));

/** @param {BusinessNumber} number @param {() => Promise<void>} changed */
function naming({ phone_number_id: id, name, reference }, changed) {
  const [named, referred] = [
    h('input', { type: 'text', maxlength: 100, autocomplete: 'off', value: name ?? '' }),
    h('input', { type: 'text', maxlength: 256, autocomplete: 'off', value: reference ?? '' }),
  ];
  const save = async () => {
    await api('PATCH', at(id), { name: named.value.trim() || null, reference: referred.value.trim() || null });
    await changed();
    return t('numbers.saved');
  };
  const fields = [
    field(t('numbers.name'), named, t('numbers.nameHint')),
    field(t('numbers.reference'), referred, t('numbers.referenceHint')),
  ];
  return card('number-name', t('numbers.rename'), form(fields, t('numbers.save'), save));
}

const keyInput = () => h('input', { type: 'password', required: true, minlength: 8, maxlength: 512, autocomplete: 'off' });

/** @param {BusinessNumber} number @param {() => Promise<void>} changed */
function newKey({ phone_number_id: id }, changed) {
  const key = keyInput();
  const give = async () => {
    await api('PATCH', at(id), { api_key: key.value.trim() });
    key.value = '';
    await changed();
    return t('numbers.keyTaken');
  };
  return card('number-key', t('numbers.newKey'), form(field(t('numbers.key'), key, t('numbers.keyHint')), t('numbers.giveKey'), give));
}

/** @param {BusinessNumber} number @param {() => Promise<void>} changed */
function webhook({ phone_number_id: id }, changed) {
  const made = h('div');
  const register = async () => {
    const before = await api('POST', `${at(id)}/webhook`, { dry_run: true });
    const replaces = before.replaced?.url ?? null;
    const question = t('numbers.replaceQuestion', { number: numberTitle(id), url: replaces });
    if (replaces !== null && !(await confirmed(question, t('numbers.replace'), t('shell.cancel')))) return;
    await api('POST', `${at(id)}/webhook`, { replaces });
    await changed();
    return t('numbers.registered');
  };
  const restore = async () => {
    const question = t('numbers.restoreQuestion', { number: numberTitle(id) });
    if (!(await confirmed(question, t('numbers.restore'), t('shell.cancel')))) return;
    const { registered } = await api('DELETE', `${at(id)}/webhook`);
    await changed();
    return t('numbers.restored', { url: registered?.url ?? '–' });
  };
  const rotate = async () => {
    const { register: wanted } = await api('POST', `${at(id)}/rotate-webhook-token`);
    fill(made, wanted ? toRegister(wanted) : null);
    await changed();
    return wanted ? undefined : t('numbers.rotated');
  };
  const buttons = [
    action(t('numbers.register'), register),
    action(t('numbers.rotate'), rotate),
    made,
    action(t('numbers.restore'), restore),
  ];
  return card('number-webhook', t('numbers.webhook'), h('div', { class: 'stack' }, buttons));
}

/** @param {{ url: string, headers: Record<string, string> }} wanted */
const toRegister = ({ url, headers }) =>
  onceShown(
    t('numbers.toRegister', { url }),
    Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
  );

/** @param {BusinessNumber} number @param {() => Promise<void>} changed */
function removal({ phone_number_id: id }, changed) {
  const erases = check(t('numbers.erase'));
  const remove = async () => {
    const isErased = erases.querySelector('input')?.checked === true;
    const question = t(isErased ? 'numbers.eraseQuestion' : 'numbers.removeQuestion', { number: numberTitle(id) });
    if (!(await confirmed(question, t('numbers.remove'), t('shell.cancel')))) return;
    await api('DELETE', isErased ? `${at(id)}?erase=true` : at(id));
    await changed();
    return t('numbers.removing', { number: numberTitle(id) });
  };
  const remover = action(t('numbers.remove'), remove, { class: 'danger' });
  return card('number-removal', t('numbers.remove'), h('div', { class: 'stack' }, can('data:erase') ? erases : null, remover));
}

/** The form that adds a number; nothing for a key that may not, or that is limited to some numbers. @param {HTMLElement} made */
export function addNumber(made) {
  if (!can('numbers:admin') || session()?.numbers !== null) return null;
  const [key, name, reference, registers] = [
    keyInput(),
    h('input', { type: 'text', maxlength: 100, autocomplete: 'off' }),
    h('input', { type: 'text', maxlength: 256, autocomplete: 'off' }),
    check(t('numbers.alsoRegister')),
  ];
  const add = async () => {
    const wanted = {
      api_key: key.value.trim(),
      name: name.value.trim() || null,
      reference: reference.value.trim() || null,
      webhook: /** @type {'register' | 'show'} */ (registers.querySelector('input')?.checked ? 'register' : 'show'),
    };
    const added = await api('POST', '/api/numbers', wanted, { headers: { 'Idempotency-Key': newIdempotencyKey() } });
    for (const input of [key, name, reference]) input.value = '';
    fill(made, result(added));
    await readNumbers();
    made.scrollIntoView({ block: 'nearest' });
    return t('numbers.wasAdded', { number: added.name ?? phone(added.display_phone_number) ?? added.phone_number_id });
  };
  const fields = [
    field(t('numbers.key'), key, t('numbers.addKeyHint')),
    field(t('numbers.name'), name, t('numbers.nameHint')),
    field(t('numbers.reference'), reference, t('numbers.referenceHint')),
    registers,
  ];
  return card('new-number', t('numbers.add'), form(fields, t('numbers.create'), add));
}

/** @param {BusinessNumber & { webhook: { register: Parameters<typeof toRegister>[0] | null, problem: string | null }, pinned: string[], exempt: string[] }} added */
function result({ phone_number_id: id, name, display_phone_number, webhook: { register, problem }, pinned, exempt }) {
  const link = h('a', { href: linkTo(['numbers', id], {}, null) }, name ?? phone(display_phone_number) ?? id);
  return [
    h(
      'p',
      { class: 'card', role: 'status' },
      h('strong', {}, link),
      ' ',
      t('numbers.wasAdded', { number: phone(display_phone_number) ?? id }),
    ),
    problem ? h('p', { class: 'card warn-text' }, t('numbers.notRegistered', { problem })) : null,
    register ? toRegister(register) : null,
    exempt.length > 0 ? h('p', { class: 'card' }, t('numbers.exempt', { ids: exempt.join(', ') })) : null,
    pinned.length > 0 ? h('p', { class: 'card' }, t('numbers.pinned', { ids: pinned.join(', ') })) : null,
  ];
}
