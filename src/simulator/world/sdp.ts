import type { Ids } from './ids.js';

/** One side's session description as the wire carries it. */
export interface SimulatedSession {
  sdp_type: 'offer' | 'answer';
  sdp: string;
}

/** What is real in an SDP: where media flows, and under which keys. Everything else has Meta's shape. */
export type Transport = ReturnType<typeof transportOf>;

const PAYLOADS = { opus: 111, digits: 126 } as const;

/** Credentials and candidates that lead nowhere: both addresses lie in documentation networks. */
const invented = (ids: Ids, setup: string, mid: string, port: number): Transport & { lite: true } => ({
  lite: true,
  setup,
  mid,
  port,
  ...PAYLOADS,
  candidates: [
    `1 1 udp 2113937151 192.0.2.10 ${port} typ host generation 0`,
    `2 1 udp 2113939711 2001:db8::10 ${port} typ host generation 0`,
  ],
  ufrag: `${ids.hex(12)}/1`,
  password: ids.hex(32),
  fingerprint: (ids.hex(64).toUpperCase().match(/../g) ?? []).join(':'),
  ssrc: Number.parseInt(ids.hex(7), 16),
});

/** Meta's shape. A real phone speaks full ICE, so only an invented one claims to be lite as Meta's relay is. */
export const shaped = (ids: Ids, { digits, ...transport }: Transport & { lite?: boolean }): string =>
  [
    'v=0',
    `o=- ${BigInt(`0x${ids.hex(15)}`)} 2 IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    `a=group:BUNDLE ${transport.mid}`,
    'a=msid-semantic: WMS simulator',
    ...(transport.lite ? ['a=ice-lite'] : []),
    `m=audio ${transport.port} UDP/TLS/RTP/SAVPF ${transport.opus}${digits === null ? '' : ` ${digits}`}`,
    `c=IN IP4 ${/ (\d+\.\d+\.\d+\.\d+) \d+ typ/.exec(transport.candidates.join('\n'))?.[1] ?? '0.0.0.0'}`,
    'a=rtcp:9 IN IP4 0.0.0.0',
    ...transport.candidates.map((candidate) => `a=candidate:${candidate}`),
    `a=ice-ufrag:${transport.ufrag}`,
    `a=ice-pwd:${transport.password}`,
    `a=fingerprint:sha-256 ${transport.fingerprint}`,
    `a=setup:${transport.setup}`,
    `a=mid:${transport.mid}`,
    'a=sendrecv',
    'a=rtcp-mux',
    `a=rtpmap:${transport.opus} opus/48000/2`,
    `a=rtcp-fb:${transport.opus} transport-cc`,
    `a=fmtp:${transport.opus} maxaveragebitrate=20000;maxplaybackrate=16000;minptime=20;sprop-maxcapturerate=16000;useinbandfec=1`,
    ...(digits === null ? [] : [`a=rtpmap:${digits} telephone-event/8000`]),
    'a=ptime:20',
    'a=maxptime:20',
    ...(transport.ssrc === null ? [] : [`a=ssrc:${transport.ssrc} cname:WhatsAppAudioStream1`]),
    '',
  ].join('\r\n');

/** Meta's offer when a user calls: ICE-lite, two host candidates in documentation networks, actpass, mid `audio`. */
export const metaOffer = (ids: Ids): SimulatedSession => ({
  sdp_type: 'offer',
  sdp: shaped(ids, invented(ids, 'actpass', 'audio', 40_012)),
});

/** Meta's answer to our offer: `setup:active`, with the mid of the offer. */
export const metaAnswer = (ids: Ids, offer: string): SimulatedSession => {
  const mid = /\r\na=mid:(\S+)\r\n/.exec(offer)?.[1] ?? '0';
  return { sdp_type: 'answer', sdp: shaped(ids, invented(ids, 'active', mid, 3_480)) };
};

/** What a phone really offers or answers, in Meta's shape: nothing but Opus and digits, in one m-line. */
export const metaSession = (ids: Ids, { sdp_type, sdp }: SimulatedSession): SimulatedSession => ({
  sdp_type,
  sdp: shaped(ids, transportOf(sdp)),
});

/** Reads one audio SDP; what is missing is empty, or the usual payload types. */
export function transportOf(sdp: string) {
  const value = (pattern: RegExp): string => pattern.exec(sdp)?.[1] ?? '';
  const digits = value(/^a=rtpmap:(\d+) telephone-event\/8000/im);
  return {
    ufrag: value(/^a=ice-ufrag:(\S+)/m),
    password: value(/^a=ice-pwd:(\S+)/m),
    fingerprint: value(/^a=fingerprint:sha-256 (\S+)/im),
    setup: value(/^a=setup:(\S+)/m),
    /** The values of `a=candidate:` lines. */
    candidates: [...sdp.matchAll(/^a=candidate:(\S+ 1 udp .*?)\r?$/gim)].map(([, candidate = '']) => candidate),
    port: Number(value(/^m=audio (\d+)/m)),
    mid: value(/^a=mid:(\S+)/m),
    /** Null until a browser has a track to send. */
    ssrc: Number(value(/^a=ssrc:(\d+)/m)) || null,
    /** Payload type of Opus; browsers choose their own. */
    opus: Number(value(/^a=rtpmap:(\d+) opus\/48000/im)) || PAYLOADS.opus,
    /** Payload type of telephone-event/8000; null when it was not offered. */
    digits: digits === '' ? null : Number(digits),
  };
}

/** Why Meta would refuse this SDP, or `null` when it would take it. */
export const faultOfSdp = (sdp: string, type: SimulatedSession['sdp_type']): string | null =>
  faultOfLines(sdp) ?? faultOfFingerprints(sdp) ?? faultOfTransport(sdp) ?? faultOfSetup(sdp, type);

function faultOfLines(sdp: string): string | null {
  if (sdp.includes('\\r') || sdp.includes('\\n')) return 'SDP contains escaped line ends: it was serialised twice';
  if (/[^\r]\n|\r(?!\n)/.test(sdp) || !sdp.endsWith('\r\n')) return 'every SDP line must end with CRLF';
  if (!sdp.startsWith('v=0\r\n')) return 'SDP must start with v=0';
  const audioAlone = (sdp.match(/\r\nm=/g) ?? []).length === 1 && /\r\nm=audio \d+ /.test(sdp);
  return audioAlone ? null : 'SDP must have exactly one m-line, of audio';
}

function faultOfFingerprints(sdp: string): string | null {
  const prints = [...sdp.matchAll(/\r\na=fingerprint:(\S+) (\S+)(?=\r\n)/g)];
  if (!prints.length) return 'No fingerprint found in SDP';
  const isSha256 = ([, hash = '', value = '']: RegExpMatchArray) =>
    hash.toLowerCase() === 'sha-256' && /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/i.test(value);
  return prints.every(isSha256) ? null : 'SDP must have sha-256 fingerprints only';
}

function faultOfTransport(sdp: string): string | null {
  if (!/\r\na=ice-ufrag:\S+\r\n/.test(sdp) || !/\r\na=ice-pwd:\S+\r\n/.test(sdp)) return 'SDP has no ICE credentials';
  return /\r\na=rtpmap:\d+ opus\/48000/i.test(sdp) ? null : 'SDP must carry Opus at 48000 Hz';
}

function faultOfSetup(sdp: string, type: SimulatedSession['sdp_type']): string | null {
  const setups = [...sdp.matchAll(/\r\na=setup:(\S+)(?=\r\n)/g)].map(([, setup = '']) => setup);
  const allowed = type === 'answer' ? ['active'] : ['actpass', 'active'];
  const fits = setups.length > 0 && setups.every((setup) => allowed.includes(setup));
  return fits ? null : `${type} SDP must be a=setup:${allowed.join(' or ')}`;
}
