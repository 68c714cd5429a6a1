/** Session descriptions as Meta wants them. */

/** What Meta speaks: Opus, and key presses at 8000 Hz. */
const SPOKEN = [
  ['audio/opus', 48_000],
  ['audio/telephone-event', 8_000],
];

/**
 * The codecs to offer or answer, in Meta's order, out of those that a browser has.
 * @param {RTCRtpCodec[]} codecs
 */
export const spokenCodecs = (codecs) =>
  SPOKEN.flatMap(([type, rate]) => codecs.filter(({ mimeType, clockRate }) => mimeType.toLowerCase() === type && clockRate === rate));

/**
 * What keeps Meta from taking a local description, or `null`: it wants one audio line, one sha-256 fingerprint, and the
 * business as DTLS client in an answer.
 * @param {{ type: 'offer' | 'answer', sdp: string }} description
 */
export function faultOf({ type, sdp }) {
  const lines = sdp.split('\r\n');
  const prints = new Set(lines.filter((line) => line.startsWith('a=fingerprint:')));
  if (lines.filter((line) => line.startsWith('m=')).length !== 1) return 'm-line';
  if (prints.size !== 1 || ![...prints][0]?.startsWith('a=fingerprint:sha-256 ')) return 'fingerprint';
  if (type === 'answer' && !lines.includes('a=setup:active')) return 'setup';
  return null;
}
