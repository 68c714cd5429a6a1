import { check, choice, field } from '../parts/form.js';
import { t } from '../texts.js';
import { fill, h } from '../view.js';
import { iceServers } from './ice.js';
import { canChooseOutput, listDevices, openMicrophone, stop } from './microphone.js';
import { prefer, preferences } from './preferences.js';
import { troubleView } from './problem.js';

/** Which devices, and whether incoming calls are taken at once; which servers the owner has set. */
export function soundSettings() {
  const devices = h('div', { class: 'stack' });
  /** @returns {Promise<unknown>} */
  const draw = async () => fill(devices, deviceFields(await listDevices(), draw));
  void draw();
  navigator.mediaDevices?.addEventListener('devicechange', draw);
  const ready = check(t('softphone.warmUp'), {
    checked: preferences().ready,
    on: { change: (/** @type {Event & { target: HTMLInputElement }} */ { target }) => prefer({ ready: target.checked }) },
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

/**
 * @param {{ inputs: MediaDeviceInfo[], outputs: MediaDeviceInfo[] }} devices
 * @param {() => Promise<unknown>} again
 */
function deviceFields({ inputs, outputs }, again) {
  if (inputs.length === 0) return [allow(again)];
  const select = (/** @type {string} */ label, /** @type {MediaDeviceInfo[]} */ list, /** @type {'input' | 'output'} */ name) => {
    const options = list.map(({ deviceId, label: text }, at) => [deviceId, text || t('softphone.unnamed', { number: at + 1 })]);
    const known = options.some(([id]) => id === preferences()[name]) ? preferences()[name] : '';
    /** @type {HTMLSelectElement} */
    const input = choice([['', t('softphone.default')], ...options], known, { on: { change: () => prefer({ [name]: input.value }) } });
    return field(label, input);
  };
  return [
    select(t('softphone.input'), inputs, 'input'),
    canChooseOutput() && outputs.length > 0 ? select(t('softphone.output'), outputs, 'output') : null,
  ];
}

/** Browsers name no device before the microphone was allowed once. @param {() => Promise<unknown>} again */
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
  const said = h('p', { class: 'hint' });
  void iceServers().then((list) => {
    const urls = list.flatMap((server) => server.urls);
    fill(said, urls.length === 0 ? t('softphone.serversNone') : t('softphone.servers', { urls: urls.join(', ') }));
  });
  return said;
}
