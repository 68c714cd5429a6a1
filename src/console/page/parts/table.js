import { t } from '../texts.js';
import { h } from '../view.js';

/** @import { Child } from '../view.js' */

/**
 * A table that turns into cards on narrow screens.
 * @template Row
 * @param {{ caption: string, columns: Array<[title: string, cell: (row: Row) => Child]>, rows: Row[], empty: string }} what
 */
export function table({ caption, columns, rows, empty }) {
  if (rows.length === 0) return h('p', { class: 'empty' }, empty);
  return h(
    'table',
    {},
    h('caption', { class: 'unseen' }, caption),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        columns.map(([title]) => h('th', { scope: 'col' }, title)),
      ),
    ),
    h(
      'tbody',
      {},
      rows.map((row) =>
        h(
          'tr',
          {},
          columns.map(([title, cell]) => h('td', { 'data-label': title }, h('div', {}, cell(row)))),
        ),
      ),
    ),
  );
}

/**
 * @template Row
 * @typedef {{ data: Row[], next_cursor: string | null }} Page
 */

/**
 * A list of the API, a page at a time.
 * @template Row
 * @param {Page<Row>} first
 * @param {(cursor: string | null) => Promise<Page<Row>>} ask
 * @param {(rows: Row[]) => Node} draw
 * @param {(error: Error) => Node} problem
 */
export function pager(first, ask, draw, problem) {
  const rows = [...first.data];
  const place = h('div');
  /** @param {string | null} next @returns {void} */
  const drawAll = (next) => place.replaceChildren(draw(rows), ...(next ? [more(next)] : []));
  /** @param {string} cursor */
  const more = (cursor) => {
    const button = h('button', { type: 'button', class: 'more' }, t('shell.more'));
    button.addEventListener('click', async () => {
      button.disabled = true;
      try {
        const page = await ask(cursor);
        rows.push(...page.data);
        drawAll(page.next_cursor);
      } catch (error) {
        button.disabled = false;
        button.before(problem(error));
      }
    });
    return button;
  };
  drawAll(first.next_cursor);
  return place;
}
