import { t } from '../texts.js';
import { h } from '../view.js';

/**
 * A table that turns into cards on narrow screens.
 * @param {{ caption: string, columns: Array<[title: string, cell: (row: any) => any]>, rows: any[], empty: string }} what
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
 * A list of the API, a page at a time.
 * @param {(cursor: string | null) => Promise<{ data: any[], next_cursor: string | null }>} ask
 * @param {(rows: any[]) => any} draw
 */
export function pager(first, ask, draw, problem) {
  const rows = [...first.data];
  const place = h('div');
  const drawAll = (next) => place.replaceChildren(draw(rows), ...(next ? [more(next)] : []));
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
