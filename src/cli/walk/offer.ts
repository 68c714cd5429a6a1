import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { UsageFault } from '#cli/terminal/command-line.js';
import { reasonOf } from '#cli/terminal/json-request.js';
import type { Session } from '#dialog360/fact.js';
import { checkSession } from '#dialog360/sdp.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { parseJson, record } from '#kernel/read.js';
import { sayWalk } from './texts.js';

/**
 * An offer as a browser makes it, with fresh keys but no media: its candidate lies in a documentation network, so WhatsApp
 * rings the phone and has no address to send audio to.
 */
export function builtInOffer(): Session {
  const fingerprint = (randomBytes(32).toString('hex').toUpperCase().match(/../g) ?? []).join(':');
  const lines = [
    'v=0',
    `o=- ${BigInt(`0x${randomBytes(7).toString('hex')}`)} 2 IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'a=msid-semantic: WMS test-call',
    'm=audio 50000 UDP/TLS/RTP/SAVPF 111 126',
    'c=IN IP4 192.0.2.20',
    'a=rtcp:9 IN IP4 0.0.0.0',
    'a=candidate:1 1 udp 2113937151 192.0.2.20 50000 typ host generation 0',
    `a=ice-ufrag:${randomBytes(4).toString('hex')}`,
    `a=ice-pwd:${randomBytes(12).toString('hex')}`,
    `a=fingerprint:sha-256 ${fingerprint}`,
    'a=setup:actpass',
    'a=mid:0',
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:111 opus/48000/2',
    'a=fmtp:111 minptime=20;useinbandfec=1',
    'a=rtpmap:126 telephone-event/8000',
    'a=ptime:20',
    `a=ssrc:${randomBytes(4).readUInt32BE()} cname:test-call`,
    '',
  ];
  return { sdp_type: 'offer', sdp: lines.join('\r\n') };
}

/**
 * An offer from a file: the SDP itself, or JSON `{ sdp_type, sdp }`.
 * @throws UsageFault when it is none that the gateway would take
 */
export async function offerFrom(file: string, language: Language): Promise<Session> {
  const written = await readFile(file, 'utf8').catch((error: unknown) => {
    throw unusable(file, (error as NodeJS.ErrnoException).code ?? reasonOf(error), language);
  });
  const asJson = record(parseJson(written));
  const checked = checkSession(asJson ?? { sdp_type: 'offer', sdp: written }, 'offer');
  if ('session' in checked) return checked.session;
  throw unusable(file, checked.errors.map(({ field, message }) => `${field} ${message[language]}`).join('; '), language);
}

const unusable = (file: string, reason: string, language: Language): UsageFault =>
  new UsageFault(sayWalk('unreadable_offer', language, { file, reason }));
