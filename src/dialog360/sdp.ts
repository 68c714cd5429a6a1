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
  faults.push(...faultsOfMedia(lines));
  const setups = lines.filter((line) => line.startsWith('a=setup:'));
  if (type === 'answer' && (setups.length === 0 || setups.some((line) => line !== 'a=setup:active'))) {
    faults.push(
      inSdp('an answer must say a=setup:active: Meta offers actpass', 'una respuesta debe decir a=setup:active: Meta ofrece actpass'),
    );
  }
  return faults;
}

/** What makes Meta refuse or end the call although the SDP is well-formed. */
function faultsOfMedia(lines: readonly string[]): SessionFault[] {
  const audio = lines.findIndex((line) => line.startsWith('m=audio '));
  if (audio < 0) return [];
  const [, port, , ...payloads] = (lines[audio] ?? '').trim().split(/\s+/);
  const opus = lines.flatMap((line) => /^a=rtpmap:(\d+) opus\/48000(?:\/2)?\s*$/i.exec(line)?.[1] ?? []);
  const faults: SessionFault[] = [];
  if (!opus.some((payload) => payloads.includes(payload)))
    faults.push(
      inSdp(
        'has no Opus at 48000 Hz: Meta takes no other codec by default',
        'no trae Opus a 48000 Hz: Meta no acepta otro códec por defecto',
      ),
    );
  const directions = (part: readonly string[]) => part.filter((line) => /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/.test(line));
  // The direction of the media section goes before that of the session; without either it is sendrecv (RFC 8866, 6.7).
  const direction = directions(lines.slice(audio))[0] ?? directions(lines.slice(0, audio))[0] ?? 'a=sendrecv';
  if (port === '0' || /recvonly|inactive/.test(direction))
    faults.push(
      inSdp(
        'sends no audio: a=recvonly, a=inactive and port 0 leave the other side in silence, and Meta ends such a call',
        'no envía audio: con a=recvonly, a=inactive o el puerto 0 la otra parte no oye nada y Meta termina la llamada',
      ),
    );
  return faults;
}

/** The role in the DTLS handshake: `active` begins it. */
export type DtlsRole = 'active' | 'passive';

const OPEN_ROLE = /^a=setup:actpass[ \t]*(?=\r?$)/gim;

/** The role that an SDP chooses; undefined for one that leaves it open. */
export const roleIn = ({ sdp }: Session): DtlsRole | undefined =>
  /^a=setup:(active|passive)[ \t]*\r?$/im.exec(sdp)?.[1]?.toLowerCase() as DtlsRole | undefined;

/**
 * Meta's answer as a consumer can use it. An answer must choose its DTLS role (RFC 5763, section 5), and browsers refuse one that says
 * `actpass`; such answers were seen. The mended answer says `active`, as Meta's own sample does: Meta begins the handshake. To an offer
 * that is `active` itself only `passive` is an answer.
 * @param offered the role that our offer chose
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/reference (2026-09)
 */
export function withRole(session: Session, offered?: DtlsRole): Session {
  if (session.sdp_type !== 'answer') return session;
  const sdp = session.sdp.replace(OPEN_ROLE, offered === 'active' ? 'a=setup:passive' : 'a=setup:active');
  return sdp === session.sdp ? session : { ...session, sdp };
}
