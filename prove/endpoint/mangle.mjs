const LONG = 20_000;
const ODD = [
  null,
  true,
  -1,
  0,
  1e308,
  '',
  [],
  {},
  '\u0000',
  '\ud800',
  '🫖'.repeat(50),
  '__proto__',
  '9'.repeat(400),
  { toString: 1 },
  [[[]]],
];

/** A malformed body, made of a valid one. @param {Buffer} seed @param {import('../random.mjs').Random} random @returns {Buffer} */
export function mangled(seed, random) {
  return random.pick(WAYS)(seed, random);
}

const WAYS = [
  (seed) => seed,
  (seed, random) => seed.subarray(0, random.between(0, seed.length)),
  (seed, random) => overwritten(seed, random),
  (seed, random) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), changed(seed, random)]),
  (seed, random) => Buffer.from(changed(seed, random).toString(), 'utf16le'),
  (_, random) => Buffer.from(Array.from({ length: random.between(0, 2_000) }, () => random.between(0, 255))),
  (_, random) => Buffer.from('['.repeat(random.between(1, LONG))),
  (_, random) => Buffer.from(`{"entry":${'{"a":'.repeat(random.between(1, LONG))}`),
  (_, random) => Buffer.from(JSON.stringify({ entry: Array.from({ length: random.between(0, 500) }, () => random.pick(ODD)) })),
  (_, random) => Buffer.from(JSON.stringify(random.pick(ODD))),
  (seed) => Buffer.concat([seed, seed]),
  changed,
  changed,
  changed,
  changed,
];

function overwritten(seed, random) {
  const bytes = Buffer.from(seed);
  for (let left = random.between(1, 8); left > 0 && bytes.length > 0; left -= 1) {
    bytes[random.between(0, bytes.length - 1)] = random.between(0, 255);
  }
  return bytes;
}

/** Still JSON: members are dropped, doubled, renamed, or hold something else. */
function changed(seed, random) {
  const value = JSON.parse(seed.toString());
  for (let left = random.between(1, 4); left > 0; left -= 1) changeOne(value, random);
  return Buffer.from(JSON.stringify(value));
}

function changeOne(value, random) {
  if (typeof value !== 'object' || value === null) return;
  const keys = Object.keys(value);
  if (keys.length === 0) return;
  const key = random.pick(keys);
  const member = value[key];
  // Most of what matters is deep.
  if (typeof member === 'object' && member !== null && random.chance(0.85)) return changeOne(member, random);
  const how = random.between(0, 4);
  if (how === 0) Array.isArray(value) ? value.splice(Number(key), 1) : delete value[key];
  else if (how === 1) value[key] = [member, structuredClone(member)];
  else if (how === 2 && !Array.isArray(value)) value[`${key}_new`] = structuredClone(random.pick(ODD));
  else value[key] = structuredClone(random.pick(ODD));
}
