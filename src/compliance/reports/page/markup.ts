/** Text that stands in HTML or SVG. */
export const escaped = (value: string | number): string =>
  String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** An element with its attributes escaped; what it holds must be markup already. */
export function htmlElement(name: string, attributes: Record<string, string | number | null>, ...held: string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => ` ${key}="${escaped(value ?? '')}"`)
    .join('');
  return `<${name}${written}>${held.join('')}</${name}>`;
}

export const htmlText = (value: string | number | null): string => (value === null ? '<span class="none">—</span>' : escaped(value));

/** A table with a caption; cells are markup already, and each names its column for when a narrow page stacks them. */
export function table(caption: string, heads: readonly string[], rows: readonly (readonly string[])[], kind = ''): string {
  const head = heads.map((name) => `<th scope="col">${escaped(name)}</th>`).join('');
  const body = rows
    .map((cells) => `<tr>${cells.map((cell, index) => `<td data-head="${escaped(heads[index] ?? '')}">${cell}</td>`).join('')}</tr>`)
    .join('');
  // What scrolls can be reached with the keyboard; stacked tables never do.
  const reach = kind.includes('stack') ? '' : ` role="region" tabindex="0" aria-label="${escaped(caption)}"`;
  return `<div class="scroll"${reach}><table class="${kind}"><caption>${escaped(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}
