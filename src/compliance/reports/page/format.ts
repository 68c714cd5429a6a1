/** How a report can be had. */
export const FORMATS = ['json', 'csv', 'html'] as const;
export type Format = (typeof FORMATS)[number];

const MEDIA: readonly (readonly [string, Format])[] = [
  ['text/html', 'html'],
  ['text/csv', 'csv'],
  ['application/json', 'json'],
];

/** What an `Accept` header wants most, and of equals names first; JSON when it asks for nothing we have. */
export function formatOf(accept: string | undefined): Format {
  const wishes = (accept ?? '').toLowerCase().split(',').map(readWish);
  const [best] = wishes.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight);
  return best?.format ?? 'json';
}

function readWish(range: string): { format: Format | null; weight: number } {
  const [type, ...parameters] = range.split(';').map((part) => part.trim());
  const format = MEDIA.find(([name]) => name === type)?.[1] ?? null;
  const q = parameters.find((parameter) => parameter.startsWith('q='));
  const weight = q === undefined ? 1 : Number(q.slice(2));
  return { format, weight: format === null || Number.isNaN(weight) ? 0 : weight };
}
