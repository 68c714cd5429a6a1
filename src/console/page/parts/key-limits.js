import { t } from '../texts.js';
import { h } from '../view.js';
import { choice, field } from './form.js';

/** @import { ApiKey } from '../api-shapes.js' */
/** @typedef {NonNullable<ApiKey['limits']>} Limits */
/** @typedef {{ dials_per_day?: number, asks_per_day?: number, quiet_hours?: { from: string, until: string } }} GivenLimits */

const CALLS = ['calls:dial', 'calls:control', 'calls:read', 'permissions:read', 'events:read', 'status:read'];

/**
 * What a kind of consumer needs, and limits that suit it; the command line offers the same.
 * @type {Record<string, { scopes: string[], limits: GivenLimits | null }>}
 */
export const KEY_PRESETS = {
  bot: { scopes: CALLS, limits: { dials_per_day: 200, asks_per_day: 50, quiet_hours: { from: '21:00', until: '08:00' } } },
  agent: { scopes: [...CALLS, 'permissions:ask'], limits: null },
};

/** The limits of a key in a few words; null without any. @param {ApiKey} key */
export function shownLimits({ limits }) {
  if (limits === null) return null;
  const { dials_per_day: dials, asks_per_day: asks, quiet_hours: quiet } = limits;
  return [
    dials === null ? null : t('keys.dials', { count: dials }),
    asks === null ? null : t('keys.asks', { count: asks }),
    quiet === null ? null : t('keys.quiet', { from: quiet.from, until: quiet.until }),
  ]
    .filter(Boolean)
    .join(', ');
}

/** The choice of a preset. @param {(preset: { scopes: string[], limits: GivenLimits | null }) => void} taken */
export function presetField(taken) {
  const input = choice([['', t('keys.noPreset')], ...Object.keys(KEY_PRESETS).map((name) => [name, t(`keys.preset.${name}`)])], '');
  input.addEventListener('change', () => {
    const preset = KEY_PRESETS[input.value];
    if (preset) taken(preset);
  });
  return field(t('keys.preset'), input);
}

/** Fields for the limits of a key. @param {GivenLimits | Limits | null} first */
export function limitFields(first) {
  const count = () => h('input', { type: 'number', min: 0, max: 1_000_000, step: 1, autocomplete: 'off' });
  const time = () => h('input', { type: 'time', autocomplete: 'off' });
  const [dials, asks, from, until] = [count(), count(), time(), time()];
  let zone = /** @type {string | null} */ (null);
  const show = (/** @type {GivenLimits | Limits | null} */ limits) => {
    dials.value = String(limits?.dials_per_day ?? '');
    asks.value = String(limits?.asks_per_day ?? '');
    from.value = limits?.quiet_hours?.from ?? '';
    until.value = limits?.quiet_hours?.until ?? '';
    zone = limits?.quiet_hours && 'time_zone' in limits.quiet_hours ? limits.quiet_hours.time_zone : null;
  };
  show(first);
  const read = () => ({
    dials_per_day: dials.value === '' ? null : Number(dials.value),
    asks_per_day: asks.value === '' ? null : Number(asks.value),
    quiet_hours: from.value || until.value ? { from: from.value, until: until.value, time_zone: zone } : null,
  });
  const fields = [
    field(t('keys.dialsPerDay'), dials, t('keys.limitHint')),
    field(t('keys.asksPerDay'), asks, t('keys.limitHint')),
    field(t('keys.quietFrom'), from),
    field(t('keys.quietUntil'), until),
  ];
  return { fields, read, show };
}
