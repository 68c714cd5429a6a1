/** How many digits of a phone number a reader of a redacted text still sees. */
const SHOWN = 4;
/** The last digits identify a number in every writing, its twins in Mexico, Argentina and Brazil included. */
const IDENTIFYING = 8;

const HIDDEN = '[redacted]';
const SECRET = /password|secret|token|authorization|api_?key/i;
const SDP = /(^|\n)(v=0\r?\n|a=(ice-pwd|ice-ufrag|fingerprint|crypto):)/;

/** The same JSON without SDP and secrets, and with `numbers` masked but for their last four digits, wherever they stand. */
export function redact<T>(value: T, numbers: readonly string[]): T {
  const patterns = [...new Set(numbers.map((number) => number.replace(/\D/g, '').slice(-IDENTIFYING)))]
    .filter((digits) => digits.length >= SHOWN + 1)
    .map(patternOf);
  const hide = (name: string, part: unknown): unknown => {
    if (typeof part !== 'string') return SECRET.test(name) && part !== null && typeof part !== 'object' ? HIDDEN : part;
    if (SECRET.test(name) || SDP.test(part)) return HIDDEN;
    return patterns.reduce((text, pattern) => text.replace(pattern, masked), part);
  };
  return JSON.parse(JSON.stringify(value), hide) as T;
}

/** The last digits with any separators between them, after country, area, or the prefix of an id. */
function patternOf(digits: string): RegExp {
  const gap = '[\\s().\\u00a0\\u2010-\\u2015-]*';
  return new RegExp(`(?<![a-zA-Z\\d])\\+?(?:\\d${gap}){0,24}${[...digits].join(gap)}(?![a-zA-Z\\d])`, 'g');
}

function masked(number: string): string {
  const digits = number.replace(/\D/g, '');
  return '*'.repeat(digits.length - SHOWN) + digits.slice(-SHOWN);
}

/** All texts that stand under a name, at any depth, each once. */
export function valuesNamed(value: unknown, wanted: string): string[] {
  const found = new Set<string>();
  JSON.stringify(value, (name, part: unknown) => {
    if (name === wanted && typeof part === 'string') found.add(part);
    return part;
  });
  return [...found];
}
