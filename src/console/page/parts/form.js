import { announce, fill, h, uniqueId } from '../view.js';

/** @import { Child, Props } from '../view.js' */
/** @import { Context } from './next-step.js' */
/** @import { Fault } from './problem.js' */
/** @typedef {() => Promise<string | void>} Work what it answers is said to those who listen */

/** Shows why something was refused. @type {(error: Fault, context: Context) => Child} */
let shown = ({ message }) => message;

/** `parts/problem.js` sets how a refusal is shown: what it shows has buttons of this file in turn. @param {typeof shown} show */
export function showProblemsWith(show) {
  shown = show;
}

/**
 * A labelled input, select or textarea; the hint is read out with it.
 * @param {string} label
 * @param {HTMLElement} input
 * @param {string | null} [hint]
 */
export function field(label, input, hint = null) {
  const id = uniqueId('field');
  input.id = id;
  if (hint) input.setAttribute('aria-describedby', `${id}-hint`);
  return h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label),
    input,
    hint ? h('p', { class: 'hint', id: `${id}-hint` }, hint) : null,
  );
}

/** A checkbox with its label beside it. @param {Child} label @param {Props} [props] */
export const check = (label, props = {}) =>
  h('label', { class: 'check' }, h('input', { type: 'checkbox', ...props }), h('span', {}, label));

/**
 * A select.
 * @param {string[][]} options each `[value, text]`
 * @param {string} value
 * @param {Props} [props]
 */
export const choice = (options, value, props = {}) =>
  h(
    'select',
    { ...props, value },
    options.map(([name, label]) => h('option', { value: name, selected: name === value }, label)),
  );

/**
 * A select of the words of a group, with nothing chosen first.
 * @param {string} all
 * @param {string[][]} options
 * @param {string | undefined} value
 * @param {Props} [props]
 */
export const anyOf = (all, options, value, props = {}) => choice([['', all], ...options], value ?? '', props);

/**
 * A button that does something at the gateway: busy meanwhile, and with the refusal beside it when there is one.
 * @param {string} label
 * @param {Work} work
 * @param {Props} [props]
 */
export function action(label, work, props = {}) {
  const said = h('div', { class: 'said' });
  const button = h('button', { type: 'button', ...props }, label);
  button.addEventListener('click', () => run(button, said, work));
  return h('div', { class: 'action' }, button, said);
}

/**
 * A form that does something at the gateway when it is sent.
 * @param {Child} fields
 * @param {string} label
 * @param {Work} work
 * @param {Record<string, any>} [props]
 */
export function form(fields, label, work, props = {}) {
  const said = h('div', { class: 'said' });
  const button = h('button', { class: 'primary' }, label);
  const element = h('form', { ...props, class: `form ${props.class ?? ''}` }, fields, button, said);
  element.addEventListener('submit', (event) => {
    event.preventDefault();
    void run(button, said, work);
  });
  return element;
}

/**
 * @param {HTMLButtonElement} button
 * @param {HTMLElement} said
 * @param {Work} work
 */
async function run(button, said, work) {
  if (button.disabled) return;
  button.disabled = true;
  fill(said);
  try {
    const done = await work();
    if (done) {
      fill(said, h('p', { class: 'done' }, done));
      announce(done);
    }
  } catch (error) {
    fill(said, shown(error, { again: () => run(button, said, work), input: firstInput(button) }));
  } finally {
    button.disabled = false;
  }
}

/** Where a form is corrected. @param {HTMLButtonElement} button @returns {HTMLElement | null} */
const firstInput = (button) => button.closest('form')?.querySelector('input, select, textarea') ?? null;

/**
 * Asks before something that cannot be taken back, or that others notice.
 * @param {string} question
 * @param {string} label
 * @param {string} cancel
 * @param {string} [look] of the button
 * @returns {Promise<boolean>}
 */
export function confirmed(question, label, cancel, look = 'danger') {
  const dialog = h('dialog', { class: 'dialog', 'aria-label': question });
  return new Promise((resolve) => {
    const end = (/** @type {boolean} */ value) => {
      dialog.close();
      dialog.remove();
      resolve(value);
    };
    dialog.addEventListener('cancel', () => end(false));
    fill(
      dialog,
      h('p', {}, question),
      h(
        'div',
        { class: 'row' },
        h('button', { type: 'button', on: { click: () => end(false) } }, cancel),
        h('button', { type: 'button', class: look, on: { click: () => end(true) } }, label),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
