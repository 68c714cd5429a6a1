import { sound } from './meters.js';

/** The bell: two soft tones, one second in four. */

const EVERY_MS = 4_000;
const TONES = [440, 554];
const LOUD = 0.08;
/** @type {ReturnType<typeof setInterval> | undefined} */
let timer;

/** @param {boolean} on */
export function ring(on) {
  if (on === (timer !== undefined)) return;
  if (on) {
    strike();
    timer = setInterval(strike, EVERY_MS);
  } else {
    clearInterval(timer);
    timer = undefined;
  }
}

function strike() {
  const context = sound();
  // Before the first click browsers keep pages silent; a bell that is held back must not sound later.
  if (context.state !== 'running') return;
  const gain = new GainNode(context, { gain: 0 });
  const [from, to] = [context.currentTime, context.currentTime + 1];
  gain.gain.linearRampToValueAtTime(LOUD, from + 0.03);
  gain.gain.setValueAtTime(LOUD, to - 0.1);
  gain.gain.linearRampToValueAtTime(0, to);
  gain.connect(context.destination);
  for (const frequency of TONES) {
    const tone = new OscillatorNode(context, { frequency });
    tone.connect(gain);
    tone.start(from);
    tone.stop(to);
  }
}
