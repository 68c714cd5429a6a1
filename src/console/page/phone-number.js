/** What is wrong with a typed phone number, before anybody is asked. */

/** The gateway takes so many digits. */
const LEAST = 7;
const MOST = 15;
/** Shorter numbers with a country code are rare: the code was most likely left out. */
const WITHOUT_CODE = 10;
/** Business-scoped user ids, such as `MX.1349…`, stand for people who hide their number. */
const USER_ID = /^[a-z]{2}\./i;
/** No country code begins so (ITU E.164). */
const NO_COUNTRY = /^(28|83|89)/;
/** What people write between digits. */
const BETWEEN = /[\s().\-\u2010-\u2015/]/g;

/** @typedef {{ key: 'letters' | 'sign' | 'leadingZeros' | 'leadingZero' | 'short' | 'long' | 'country' | 'noCountry', params: Record<string, string | number>, sure: boolean }} NumberFault `sure` when the gateway would refuse it */

/** @param {string} typed @returns {NumberFault | null} null for nothing typed, a number that may be one, and a user id */
export function faultOf(typed) {
  const text = typed.trim();
  if (text === '' || USER_ID.test(text)) return null;
  return wrongSigns(text) ?? wrongDigits(text.replace(BETWEEN, ''));
}

/** @param {string} text @returns {NumberFault | null} */
function wrongSigns(text) {
  const letters = text.match(/\p{L}+/gu);
  if (letters) return fault('letters', { what: letters.join(' ') });
  const [sign] = text.replace(/^\+/, '').replace(BETWEEN, '').match(/\D/) ?? [];
  return sign ? fault('sign', { what: sign }) : null;
}

/** @param {string} compact a plus, if there is one, and digits @returns {NumberFault | null} */
function wrongDigits(compact) {
  const digits = compact.replace(/^\+/, '');
  if (digits.startsWith('00')) return fault('leadingZeros', { digits: digits.slice(2) || '52' });
  if (digits.startsWith('0')) return fault('leadingZero', {});
  if (digits.length > MOST) return fault('long', { count: digits.length, most: MOST });
  if (digits.length < LEAST) return fault('short', { count: digits.length, least: LEAST });
  if (NO_COUNTRY.test(digits)) return fault('country', { digits: digits.slice(0, 2) }, false);
  return !compact.startsWith('+') && digits.length <= WITHOUT_CODE ? fault('noCountry', {}, false) : null;
}

/** @param {NumberFault['key']} key @param {NumberFault['params']} params @returns {NumberFault} */
const fault = (key, params, sure = true) => ({ key, params, sure });
