import { check, choice, field } from '../parts/form.js';
import { t } from '../texts.js';
import { fill, h } from '../view.js';
import { canChooseOutput, listDevices, openMicrophone, stop } from './microphone.js';
import { prefer, preferences } from './preferences.js';
import { troubleView } from './problem.js';
import { readServers } from './sdp.js';

/** Which devices, which servers, and whether incoming calls are taken at once. */
export function soundSettings() {
  const devices = h('div', { class: 'stack' });
  const draw = async () => fill(devices, deviceFields(await listDevices(), draw));
  void draw();
  navigator.mediaDevices?.addEventListener('devicechange', draw);
  const ready = check(t('softphone.warmUp'), {
    checked: preferences().ready,
    on: { change: ({ target }) => prefer({ ready: target.checked }) },
  });
  return {
    element: h(
      'section',
      { class: 'card stack', 'aria-labelledby': 'phone-sound' },
      h('h2', { id: 'phone-sound' }, t('softphone.sound')),
      h('div', {}, ready, h('p', { class: 'hint' }, t('softphone.warmUpHint'))),
      devices,
      servers(),
    ),
    leave: () => navigator.mediaDevices?.removeEventListener('devicechange', draw),
  };
}

function deviceFields({ inputs, outputs }, again) {
  if (inputs.length === 0) return [allow(again)];
  const select = (label, list, name) => {
    const options = list.map(({ deviceId, label: text }, at) => [deviceId, text || t('softphone.unnamed', { number: at + 1 })]);
    const known = options.some(([id]) => id === preferences()[name]) ? preferences()[name] : '';
    const input = choice([['', t('softphone.default')], ...options], known, { on: { change: () => prefer({ [name]: input.value }) } });
    return field(label, input);
  };
  return [
    select(t('softphone.input'), inputs, 'input'),
    canChooseOutput() && outputs.length > 0 ? select(t('softphone.output'), outputs, 'output') : null,
  ];
}

/** Browsers name no device before the microphone was allowed once. */
function allow(again) {
  const said = h('div');
  const open = async () => {
    try {
      stop(await openMicrophone());
      await again();
    } catch (error) {
      fill(said, troubleView(error));
    }
  };
  return h('div', {}, h('button', { type: 'button', on: { click: open } }, t('softphone.try')), said);
}

function servers() {
  const wrong = h('p', { class: 'warn-text', role: 'status' });
  const input = h('textarea', { rows: 2, spellcheck: 'false', autocomplete: 'off', value: preferences().servers });
  input.addEventListener('change', () => {
    const fault = readServers(input.value).wrong;
    fill(wrong, fault === null ? null : t('softphone.serversWrong', { line: fault }));
    if (fault === null) prefer({ servers: input.value.trim() });
  });
  return h('div', {}, field(t('softphone.servers'), input, t('softphone.serversHint')), wrong);
}
