import { problemView } from '../parts/problem.js';
import { t, word } from '../texts.js';
import { h } from '../view.js';
import { MicrophoneError } from './microphone.js';

/** @import { Context } from '../parts/next-step.js' */
/** @import { Fault } from '../parts/problem.js' */

const MICROPHONE = ['NotAllowedError', 'NotFoundError', 'NotReadableError', 'insecure'];

/** Why a call could not go on: a refusal of the gateway with what to do, or what is wrong with the sound here. @param {Fault} error @param {Context} [context] */
export function troubleView(error, context = {}) {
  if (error.problem) return problemView(error, context);
  return h('div', { class: 'problem', role: 'alert' }, h('p', {}, soundTrouble(error)));
}

/** @param {Fault} error */
function soundTrouble(error) {
  if (!(error instanceof MicrophoneError)) return t('softphone.media', { why: error.message });
  if (!MICROPHONE.includes(error.name)) return t('softphone.microphone.other', { why: error.message || error.name });
  return word('softphone.microphone', error.name);
}
