/** Elements without a framework: texts become text nodes and nothing else, so input of other people stays text. */

/** @typedef {Node | string | number | boolean | null | undefined | { readonly [at: number]: Child, readonly length: number }} Child a list of children, too */
/** @typedef {Record<string, any> | null} Props */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Makes an element. Props: `class`, `on: { click: fn }`, properties that are no attributes (`value`, `checked`,
 * `disabled`, `hidden`), everything else as an attribute; `null`, `undefined` and `false` leave it out.
 * Children: nodes, texts, numbers, lists of these; `null` and `false` are left out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Props} [props]
 * @param {Child[]} children
 */
export function h(tag, props = {}, ...children) {
  return build(document.createElement(tag), props, children);
}

/**
 * The same for SVG.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Props} [props]
 * @param {Child[]} children
 */
export function svg(tag, props = {}, ...children) {
  return build(document.createElementNS(SVG, tag), props, children);
}

/**
 * @template {Element} Made
 * @param {Made} element
 * @param {Props} props
 * @param {Child[]} children
 * @returns {Made}
 */
function build(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) set(element, name, value);
  element.append(...nodes(children));
  if (props?.value !== undefined && element instanceof HTMLSelectElement) element.value = props.value;
  return element;
}

const PROPERTIES = new Set(['value', 'checked', 'disabled', 'hidden', 'selected', 'open']);

/**
 * @param {Element} element
 * @param {string} name
 * @param {any} value
 */
function set(element, name, value) {
  if (value === null || value === undefined || (value === false && !name.startsWith('aria-'))) return;
  if (name === 'on') for (const [type, fn] of Object.entries(value)) element.addEventListener(type, fn);
  else if (PROPERTIES.has(name) && element instanceof HTMLElement) Object.assign(element, { [name]: value });
  else element.setAttribute(name, value === true && !name.startsWith('aria-') ? '' : String(value));
}

/** @param {readonly Child[]} children @returns {Node[]} */
function nodes(children) {
  return children.flatMap((child) => {
    if (Array.isArray(child)) return nodes(child);
    if (child === null || child === undefined || child === false || child === true) return [];
    return child instanceof Node ? child : document.createTextNode(String(child));
  });
}

/**
 * Replaces what an element holds.
 * @template {Element} Place
 * @param {Place} element
 * @param {Child[]} children
 */
export function fill(element, ...children) {
  element.replaceChildren(...nodes(children));
  return element;
}

/**
 * A text of the error catalogue: what stands between backticks is code.
 * @param {string} text
 * @param {Record<string, Child>} [known] what is shown instead of a word in backticks, such as the moment of `retry_at`
 */
export const prose = (text, known = {}) =>
  text.split('`').map((part, index) => (index % 2 === 0 ? part : (Object.hasOwn(known, part) && known[part]) || h('code', {}, part)));

/** Says something to those who listen to the page rather than see it. @param {string} text */
export function announce(text) {
  const place = document.getElementById('announcer');
  if (place) place.textContent = text;
}

let ids = 0;
/** An id of its own, for labels. @param {string} prefix */
export const uniqueId = (prefix) => {
  ids += 1;
  return `${prefix}-${ids}`;
};
