import { announce, fill, h, uniqueId } from '../view.js';
import { problemView } from './problem.js';

/** A labelled input, select or textarea; the hint is read out with it. */
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

/** A checkbox with its label beside it. */
export const check = (label, props = {}) =>
  h('label', { class: 'check' }, h('input', { type: 'checkbox', ...props }), h('span', {}, label));

export const choice = (options, value, props = {}) =>
  h(
    'select',
    { ...props, value },
    options.map(([name, label]) => h('option', { value: name, selected: name === value }, label)),
  );

/** A select of the words of a group, with nothing chosen first. */
export const anyOf = (all, options, value, props = {}) => choice([['', all], ...options], value ?? '', props);

/**
 * A button that does something at the gateway: busy meanwhile, and with the refusal beside it when there is one.
 * @param {() => Promise<string | void>} work what it answers is said to those who listen
 */
export function action(label, work, props = {}) {
  const said = h('div', { class: 'said' });
  const button = h('button', { type: 'button', ...props }, label);
  button.addEventListener('click', () => run(button, said, work));
  return h('div', { class: 'action' }, button, said);
}

/** A form that does something at the gateway when it is sent. */
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
    fill(said, problemView(error));
  } finally {
    button.disabled = false;
  }
}

/** Asks before something that cannot be taken back. */
export function confirmed(question, label, cancel) {
  const dialog = h('dialog', { class: 'dialog', 'aria-label': question });
  return new Promise((resolve) => {
    const end = (value) => {
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
        h('button', { type: 'button', class: 'danger', on: { click: () => end(true) } }, label),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
