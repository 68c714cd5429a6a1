/** An element of a page or a mail, for tests that read it. */
export interface Element {
  name: string;
  attributes: ReadonlyMap<string, string>;
  held: (Element | string)[];
}

const VOID = new Set(['meta', 'br', 'img']);
const TOKEN = /<!doctype[^>]*>|<\/([a-z][a-z0-9]*)>|<([a-z][a-z0-9]*)((?:\s+[a-z][a-z0-9:-]*(?:="[^"]*")?)*)\s*>|([^<]+)/giy;

/** Reads HTML strictly: every element ends where it should. @throws Error for anything else */
export function readHtml(html: string): Element {
  const root: Element = { name: '', attributes: new Map(), held: [] };
  const open = [root];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < html.length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(html);
    if (!found) throw new Error(`not HTML: ${html.slice(at, at + 80)}`);
    take(found, open);
  }
  if (open.length !== 1) throw new Error(`<${open.at(-1)?.name}> does not end`);
  return root;
}

function take([, ends, begins, attributes = '', text]: RegExpExecArray, open: Element[]): void {
  if (ends !== undefined) {
    const last = open.pop();
    if (last?.name !== ends) throw new Error(`</${ends}> ends <${last?.name}>`);
    return;
  }
  if (text !== undefined) open.at(-1)?.held.push(unescaped(text));
  if (begins === undefined) return;
  const element: Element = { name: begins, attributes: attributesOf(attributes), held: [] };
  open.at(-1)?.held.push(element);
  if (!VOID.has(begins)) open.push(element);
}

const attributesOf = (written: string): Map<string, string> =>
  new Map([...written.matchAll(/([a-z][a-z0-9:-]*)(?:="([^"]*)")?/gi)].map(([, name = '', value = '']) => [name, unescaped(value)]));

const unescaped = (text: string): string =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))).replaceAll('&nbsp;', '\u00a0');

/** Every element below one, itself left out. */
export const below = ({ held }: Element): Element[] => held.flatMap((one) => (typeof one === 'string' ? [] : [one, ...below(one)]));

export const textOf = (element: Element): string => element.held.map((one) => (typeof one === 'string' ? one : textOf(one))).join(' ');

export const withClass = (element: Element, name: string): Element[] =>
  below(element).filter(({ attributes }) => (attributes.get('class') ?? '').split(' ').includes(name));

/** The texts of the cells of a table, row by row, heads left out; tables within cells are texts. */
export function rowsOf(table: Element): string[][] {
  const rows = (element: Element): Element[] =>
    element.held.flatMap((one) => {
      if (typeof one === 'string') return [];
      return one.name === 'tr' ? [one] : rows(one);
    });
  return rows(table)
    .map(({ held }) =>
      held.flatMap((cell) =>
        typeof cell !== 'string' && cell.name === 'td'
          ? [
              textOf(cell)
                .replace(/[\s\u00a0]+/g, ' ')
                .trim(),
            ]
          : [],
      ),
    )
    .filter(({ length }) => length > 0);
}
