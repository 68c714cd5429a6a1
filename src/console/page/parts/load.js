import { t } from '../texts.js';
import { fill, h } from '../view.js';
import { actionOf } from './next-step.js';
import { problemView } from './problem.js';

/** @import { Child } from '../view.js' */

/**
 * Loads a value into an element: shows that it loads, then `draw(value)`, or the refusal with a button to retry.
 * Returns a function that loads again and leaves the present content meanwhile.
 * @template Value
 * @param {HTMLElement} place
 * @param {(signal: AbortSignal) => Promise<Value>} ask
 * @param {(value: Value) => Child} draw children for the place
 * @returns {() => Promise<void>}
 */
export function load(place, ask, draw) {
  /** @type {AbortController | null} */
  let latest = null;
  const run = async () => {
    latest?.abort();
    const mine = new AbortController();
    latest = mine;
    place.setAttribute('aria-busy', 'true');
    try {
      const value = await ask(mine.signal);
      if (latest === mine) fill(place, draw(value));
    } catch (error) {
      if (latest === mine && error.name !== 'AbortError')
        fill(place, problemView(error, { again: run }), retries(error) ? null : tryAgain(run));
    } finally {
      if (latest === mine) place.removeAttribute('aria-busy');
    }
  };
  fill(place, h('p', { class: 'loading' }, t('shell.loading')));
  void run();
  return run;
}

/** Whether the problem has a button to try again itself. @param {import('./problem.js').Fault} error */
const retries = (error) => error.status === 0 || actionOf(error.problem?.code) === 'retry';

const tryAgain = (/** @type {() => Promise<void>} */ run) => h('button', { type: 'button', on: { click: run } }, t('shell.tryAgain'));
