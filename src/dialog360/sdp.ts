import type { FieldError } from '#kernel/problem.js';
import { record } from '#kernel/read.js';
import type { Session } from './fact.js';

const MAX_BYTES = 64 * 1024;
const SHA_256 = /^a=fingerprint:sha-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}$/i;

/** A fault of a session, for the API client, in both languages. */
export type SessionFault = FieldError & { message: { en: string; es: string } };

/**
 * A caller's `session` as Meta wants it. Line ends are mended (bare LF, or `\r\n` escaped twice), fingerprints other than
 * sha-256 are dropped; an SDP without such faults comes back byte for byte.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/reference (2026-09)
 */
export function checkSession(value: unknown, wanted: Session['sdp_type']): { session: Session } | { errors: SessionFault[] } {
  const session = record(value);
  if (!session) return { errors: [fault('session', 'must be an object with sdp_type and sdp', 'debe ser un objeto con sdp_type y sdp')] };
  const errors = Object.keys(session)
    .filter((key) => key !== 'sdp_type' && key !== 'sdp')
    .map((key) => fault(`session.${key}`, 'is not a known field', 'no es un campo conocido'));
  if (session.sdp_type !== wanted) errors.push(fault('session.sdp_type', `must be "${wanted}"`, `debe ser "${wanted}"`));
  const sdp = mend(session.sdp);
  if (sdp === undefined)
    errors.push(inSdp('must be the text of an SDP of at most 64 KiB', 'debe ser el texto de un SDP de 64 KiB como máximo'));
  else errors.push(...faultsOf(sdp, wanted));
  return errors.length > 0 || sdp === undefined ? { errors } : { session: { sdp_type: wanted, sdp } };
}

const fault = (field: string, en: string, es: string): SessionFault => ({ field, message: { en, es } });
const inSdp = (en: string, es: string): SessionFault => fault('session.sdp', en, es);

function mend(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '' || Buffer.byteLength(value) > MAX_BYTES) return undefined;
  // An SDP without a single line break was escaped once too often.
  const unescaped = /[\r\n]/.test(value.trim()) ? value : value.replace(/\\r\\n|\\n|\\r/g, '\r\n');
  const lines = unescaped.split(/\r\n|\n|\r/).filter((line) => line !== '');
  const fingerprints = lines.filter((line) => line.startsWith('a=fingerprint:'));
  const kept = fingerprints.some((line) => SHA_256.test(line))
    ? lines.filter((line) => !line.startsWith('a=fingerprint:') || SHA_256.test(line))
    : lines;
  return `${kept.join('\r\n')}\r\n`;
}

function faultsOf(sdp: string, type: Session['sdp_type']): SessionFault[] {
  const lines = sdp.split('\r\n');
  const has = (pattern: RegExp) => lines.some((line) => pattern.test(line));
  const media = lines.filter((line) => line.startsWith('m='));
  const faults: SessionFault[] = [];
  if (lines[0] !== 'v=0') faults.push(inSdp('must begin with v=0', 'debe empezar con v=0'));
  if (media.length !== 1 || !media[0]?.startsWith('m=audio ')) {
    faults.push(inSdp('must have exactly one m= section, of audio', 'debe tener exactamente una sección m=, de audio'));
  }
  if (!has(SHA_256)) faults.push(inSdp('has no valid a=fingerprint:sha-256', 'no tiene un a=fingerprint:sha-256 válido'));
  if (!has(/^a=ice-ufrag:\S/) || !has(/^a=ice-pwd:\S/)) {
    faults.push(inSdp('has no a=ice-ufrag or no a=ice-pwd', 'no tiene a=ice-ufrag o no tiene a=ice-pwd'));
  }
  const setups = lines.filter((line) => line.startsWith('a=setup:'));
  if (type === 'answer' && (setups.length === 0 || setups.some((line) => line !== 'a=setup:active'))) {
    faults.push(
      inSdp('an answer must say a=setup:active: Meta offers actpass', 'una respuesta debe decir a=setup:active: Meta ofrece actpass'),
    );
  }
  return faults;
}
