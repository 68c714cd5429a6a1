const JSON_TYPES: ReadonlySet<string> = new Set(['application/json', 'application/*']);

/** Whether an `Accept` header names CSV and puts it above JSON; a wildcard alone is JSON. */
export function prefersCsv(accept: string | undefined): boolean {
  const types = (accept ?? '').slice(0, 1_000).split(',').map(readType);
  const weigh = (isIt: (type: string) => boolean) => Math.max(0, ...types.filter(({ type }) => isIt(type)).map(({ weight }) => weight));
  return weigh((type) => type === 'text/csv') > weigh((type) => JSON_TYPES.has(type));
}

/** Whether a list is asked for as CSV. @param format what `?format=` says, which overrides `Accept` */
export const wantsCsv = (format: unknown, accept: string | undefined): boolean =>
  format === 'csv' || (format === undefined && prefersCsv(accept));

function readType(written: string): { type: string; weight: number } {
  const [type = '', ...parameters] = written.split(';').map((part) => part.trim().toLowerCase());
  const q = parameters.find((parameter) => parameter.startsWith('q='));
  const weight = q === undefined ? 1 : Number(q.slice(2));
  return { type, weight: weight >= 0 && weight <= 1 ? weight : 0 };
}
