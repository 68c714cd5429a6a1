import { preferences } from './preferences.js';

/** The operator's microphone and speaker. */

/** Why there is no microphone; `name` is a DOMException's, or `insecure`. */
export class MicrophoneError extends Error {
  /** @param {string} name @param {string} message */
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

/** @returns {Promise<MediaStream>} with one audio track @throws {MicrophoneError} */
export async function openMicrophone() {
  if (!navigator.mediaDevices) throw new MicrophoneError('insecure', '');
  const { input } = preferences();
  const wanted = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  try {
    // A device that was chosen but is not there any more gives way to another.
    return await navigator.mediaDevices.getUserMedia({ audio: input ? { ...wanted, deviceId: { ideal: input } } : wanted });
  } catch (error) {
    throw new MicrophoneError(error.name, error.message);
  }
}

/** Microphones and speakers; without permission browsers show neither their names nor ids. */
export async function listDevices() {
  const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  const of = (/** @type {MediaDeviceKind} */ kind) => all.filter((device) => device.kind === kind && device.deviceId !== '');
  return { inputs: of('audioinput'), outputs: of('audiooutput') };
}

/** Where a browser lets pages choose the speaker. */
export const canChooseOutput = () => 'setSinkId' in HTMLMediaElement.prototype;

export const stop = (/** @type {MediaStream | null} */ stream) => {
  for (const track of stream?.getTracks() ?? []) track.stop();
};
