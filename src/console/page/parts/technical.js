import { t } from '../texts.js';
import { fill, h } from '../view.js';

/** @import { Child } from '../view.js' */

/**
 * What only programmers read: a closed part of the page that is filled when the operator opens it, so that a page says nothing of it before.
 * @param {() => Child} draw
 * @param {string} [summary]
 */
export function technical(draw, summary = t('technical.summary')) {
  const inside = h('div');
  const element = h('details', { class: 'technical' }, h('summary', {}, summary), inside);
  element.addEventListener('toggle', () => fill(inside, element.open ? draw() : null));
  return element;
}
