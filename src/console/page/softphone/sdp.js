/** Session descriptions as Meta wants them. */

/** What Meta speaks: Opus, and key presses at 8000 Hz. */
const SPOKEN = [
  ['audio/opus', 48_000],
  ['audio/telephone-event', 8_000],
];

/** The codecs to offer or answer, in Meta's order, out of those that a browser has. */
export const spokenCodecs = (codecs) =>
  SPOKEN.flatMap(([type, rate]) => codecs.filter(({ mimeType, clockRate }) => mimeType.toLowerCase() === type && clockRate === rate));

/**
 * What keeps Meta from taking a local description, or `null`: it wants one audio line, one sha-256 fingerprint, and the
 * business as DTLS client in an answer.
 */
export function faultOf({ type, sdp }) {
  const lines = sdp.split('\r\n');
  const prints = new Set(lines.filter((line) => line.startsWith('a=fingerprint:')));
  if (lines.filter((line) => line.startsWith('m=')).length !== 1) return 'm-line';
  if (prints.size !== 1 || ![...prints][0].startsWith('a=fingerprint:sha-256 ')) return 'fingerprint';
  if (type === 'answer' && !lines.includes('a=setup:active')) return 'setup';
  return null;
}

/**
 * Servers as people write them, one per line: an address, and for TURN a name and a password.
 * @returns {{ servers: RTCIceServer[], wrong: string | null }} `wrong` is the first line that is no server
 */
export function readServers(text) {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const wrong = lines.find((line) => !/^(stun|stuns):\S+$|^(turn|turns):\S+ \S+ \S+$/.test(line)) ?? null;
  const servers = lines.map((line) => {
    const [urls, username, credential] = line.split(' ');
    return username ? { urls, username, credential } : { urls };
  });
  return { servers: wrong === null ? servers : [], wrong };
}
