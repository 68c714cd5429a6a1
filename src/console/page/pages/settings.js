import { api, withQuery } from '../api.js';
import { onEvent } from '../events.js';
import { aboutShown, ofNumber } from '../numbers.js';
import { check, choice, field, form } from '../parts/form.js';
import { load } from '../parts/load.js';
import { technical } from '../parts/technical.js';
import { age } from '../parts/time.js';
import { can } from '../session.js';
import { t, word } from '../texts.js';
import { fill, h } from '../view.js';

/** @import { CallHours, Calling, CallingSettings, Opening } from '../api-shapes.js' */
/** @typedef {(calling: Calling) => Promise<string>} Save */

const DAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];
const ON_OFF = ['ENABLED', 'DISABLED'];
const ICONS = ['DEFAULT', 'DISABLE_ALL'];

/** The number's calling settings; only what was changed is sent. @param {HTMLElement} place */
export function settingsPage(place) {
  const [body, effects] = [h('div', { class: 'stack' }), h('div')];
  fill(place, h('h1', { tabindex: -1 }, t('settings.title')), effects, body);
  let mine = false;
  const again = load(
    body,
    (signal) => api('GET', withQuery('/api/calling/settings', { refresh: 'true', ...ofNumber() }), undefined, { signal }),
    (found) => parts(found, save),
  );
  /** @type {Save} */
  const save = async (calling) => {
    mine = true;
    try {
      const changed = await api('PATCH', '/api/calling/settings', { calling, ...ofNumber() });
      fill(effects, effectList(changed.effects));
      fill(body, parts(changed, save));
      return t('settings.saved');
    } finally {
      setTimeout(() => {
        mine = false;
      }, 2_000);
    }
  };
  return onEvent(
    'settings.updated',
    aboutShown(() => mine || again()),
  );
}

const effectList = (/** @type {string[]} */ effects) =>
  h(
    'div',
    { class: 'card effects', role: 'status' },
    h('h2', {}, t('settings.effects')),
    effects.length === 0
      ? h('p', {}, t('settings.unchanged'))
      : h(
          'ul',
          {},
          effects.map((effect) => h('li', {}, effect)),
        ),
  );

/** @param {CallingSettings} found @param {Save} save */
function parts(found, save) {
  const { calling } = found;
  return [
    h('p', { class: 'faint' }, `${t('settings.observed')} `, age(found.observed_at)),
    h('div', { class: 'columns' }, basics(calling, save), hours(calling.call_hours ?? {}, save)),
    h(
      'div',
      { class: 'card' },
      technical(() => h('pre', {}, JSON.stringify(calling, null, 2)), t('settings.raw')),
    ),
  ];
}

/** @param {Calling} calling @param {Save} save */
function basics(calling, save) {
  const disabled = !can('settings:write');
  const inputs = {
    status: choice(
      withPresent(ON_OFF, calling.status, (name) => word('onOff', name)),
      calling.status ?? '',
      { disabled },
    ),
    callback_permission_status: choice(
      withPresent(ON_OFF, calling.callback_permission_status, (name) => word('onOff', name)),
      calling.callback_permission_status ?? '',
      { disabled },
    ),
    call_icon_visibility: choice(
      withPresent(ICONS, calling.call_icon_visibility, (name) => word('settings.icon', name)),
      calling.call_icon_visibility ?? '',
      { disabled },
    ),
  };
  const changes = () =>
    Object.fromEntries(
      Object.entries(inputs).flatMap(([name, { value }]) =>
        value && value !== calling[/** @type {keyof typeof inputs} */ (name)] ? [[name, value]] : [],
      ),
    );
  const fields = [
    field(t('settings.status'), inputs.status, t('settings.statusHint')),
    field(t('settings.callback'), inputs.callback_permission_status, t('settings.callbackHint')),
    field(t('settings.icon'), inputs.call_icon_visibility, t('settings.iconHint')),
  ];
  const send = () => (Object.keys(changes()).length === 0 ? t('settings.unchanged') : save(changes()));
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'basic' },
    h('h2', { id: 'basic' }, t('settings.basic')),
    disabled ? fields : form(fields, t('settings.save'), async () => send()),
  );
}

/**
 * The current value of the number stays a choice, even when the console does not know it.
 * @param {string[]} names
 * @param {string | undefined} present
 * @param {(name: string) => string} label
 */
const withPresent = (names, present, label) => [...new Set([...names, present ?? ''])].map((name) => [name, name ? label(name) : '–']);

/** @param {CallHours} found @param {Save} save */
function hours(found, save) {
  const disabled = !can('settings:write');
  const [on, zone] = [
    h('input', { type: 'checkbox', checked: found.status === 'ENABLED', disabled }),
    zoneInput(found.timezone_id, disabled),
  ];
  const days = DAYS.map((day) => dayRow(day, found.weekly_operating_hours ?? [], disabled));
  const split = days.some(({ others }) => others.length > 0);
  const fields = [
    h('label', { class: 'check' }, on, h('span', {}, t('settings.hoursOn'))),
    field(t('settings.zone'), zone),
    h(
      'datalist',
      { id: 'zones' },
      Intl.supportedValuesOf('timeZone').map((name) => h('option', { value: name })),
    ),
    h(
      'div',
      { class: 'week' },
      days.map(({ row }) => row),
    ),
    split ? h('p', { class: 'hint' }, t('settings.split')) : null,
  ];
  // Meta takes no empty week; without one, what is in force stays.
  const week = () => days.flatMap(({ read }) => read());
  const send = () =>
    save({
      call_hours: {
        status: on.checked ? 'ENABLED' : 'DISABLED',
        timezone_id: zone.value.trim(),
        ...(week().length > 0 ? { weekly_operating_hours: week() } : {}),
      },
    });
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'hours' },
    h('h2', { id: 'hours' }, t('settings.hours')),
    h('p', { class: 'faint' }, t('settings.hoursLead')),
    disabled ? fields : form(fields, t('settings.save'), async () => send()),
  );
}

const zoneInput = (/** @type {string | undefined} */ present, /** @type {boolean} */ disabled) =>
  h('input', {
    type: 'text',
    list: 'zones',
    value: present ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    disabled,
    autocomplete: 'off',
  });

/**
 * A day with its first opening; a second one is kept as it is.
 * @param {string} day
 * @param {Opening[]} all
 * @param {boolean} disabled
 */
function dayRow(day, all, disabled) {
  const [first, ...others] = all.filter(({ day_of_week }) => day_of_week === day);
  const name = t(`settings.day.${day}`);
  const time = (/** @type {string} */ value, /** @type {string} */ label) =>
    h('input', { type: 'time', value: `${value.slice(0, 2)}:${value.slice(2)}`, 'aria-label': `${name} ${label}`, disabled });
  const [opens, closes] = [
    time(first?.open_time ?? '0900', t('settings.openTime')),
    time(first?.close_time ?? '1800', t('settings.closeTime')),
  ];
  const open = check(name, { checked: first !== undefined, disabled });
  const box = /** @type {HTMLInputElement} */ (open.querySelector('input'));
  const written = (/** @type {HTMLInputElement} */ input) => input.value.replace(':', '');
  const read = () => (box.checked ? [{ day_of_week: day, open_time: written(opens), close_time: written(closes) }, ...others] : []);
  return { row: h('div', { class: 'day' }, open, opens, h('span', { 'aria-hidden': 'true' }, '–'), closes), read, others };
}
