/** Country codes of one and of two digits; all others have three. */
const SHORT_CODES = new Set(
  '1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98'.split(
    ' ',
  ),
);

/** Cities of Mexico whose area code has two digits. */
const MEXICO_TWO = /^(55|56|33|81)/;

/**
 * A phone number as people write it, such as `+52 55 1234 5678`: the country code, then groups. What is no number of 7 to 15 digits
 * stays as it is.
 */
export function phoneText(digits: string): string {
  if (!/^[1-9]\d{6,14}$/.test(digits)) return digits;
  const code = [1, 2].map((length) => digits.slice(0, length)).find((short) => SHORT_CODES.has(short)) ?? digits.slice(0, 3);
  return `+${[code, ...groupsOf(code, digits.slice(code.length))].join(' ')}`;
}

function groupsOf(code: string, rest: string): string[] {
  if (code === '52' && /^1\d{10}$/.test(rest)) return ['1', ...groupsOf(code, rest.slice(1))];
  if (code === '54' && /^9\d{10}$/.test(rest)) return ['9', ...groupsOf(code, rest.slice(1))];
  if (code === '52' && rest.length === 10) return cut(rest, MEXICO_TWO.test(rest) ? [2, 4, 4] : [3, 3, 4]);
  if (code === '55' && rest.length >= 10) return cut(rest, [2, rest.length - 6, 4]);
  if (rest.length === 10) return cut(rest, [3, 3, 4]);
  if (rest.length === 9) return cut(rest, [3, 3, 3]);
  if (rest.length === 8) return cut(rest, [4, 4]);
  // From the end: four digits, then threes.
  const groups = [rest.slice(-4)];
  for (let left = rest.slice(0, -4); left !== ''; left = left.slice(0, -3)) groups.unshift(left.slice(-3));
  return groups;
}

function cut(text: string, lengths: readonly number[]): string[] {
  let at = 0;
  return lengths.map((length) => {
    at += length;
    return text.slice(at - length, at);
  });
}
