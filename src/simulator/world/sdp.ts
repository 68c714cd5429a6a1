import type { Ids } from './ids.js';

/** One side's session description as the wire carries it. */
export interface Session {
  sdp_type: 'offer' | 'answer';
  sdp: string;
}

const fingerprint = (ids: Ids): string => (ids.hex(64).toUpperCase().match(/../g) ?? []).join(':');

const lines = (ids: Ids, setup: 'actpass' | 'active', mid: string, port: number): string[] => [
  'v=0',
  `o=- ${BigInt(`0x${ids.hex(15)}`)} 2 IN IP4 127.0.0.1`,
  's=-',
  't=0 0',
  `a=group:BUNDLE ${mid}`,
  'a=msid-semantic: WMS simulator',
  'a=ice-lite',
  `m=audio ${port} UDP/TLS/RTP/SAVPF 111 126`,
  'c=IN IP4 192.0.2.10',
  'a=rtcp:9 IN IP4 0.0.0.0',
  `a=candidate:1 1 udp 2113937151 192.0.2.10 ${port} typ host generation 0`,
  `a=candidate:2 1 udp 2113939711 2001:db8::10 ${port} typ host generation 0`,
  `a=ice-ufrag:${ids.hex(12)}/1`,
  `a=ice-pwd:${ids.hex(32)}`,
  `a=fingerprint:sha-256 ${fingerprint(ids)}`,
  `a=setup:${setup}`,
  `a=mid:${mid}`,
  'a=sendrecv',
  'a=rtcp-mux',
  'a=rtpmap:111 opus/48000/2',
  'a=rtcp-fb:111 transport-cc',
  'a=fmtp:111 maxaveragebitrate=20000;maxplaybackrate=16000;minptime=20;sprop-maxcapturerate=16000;useinbandfec=1',
  'a=rtpmap:126 telephone-event/8000',
  'a=ptime:20',
  'a=maxptime:20',
  `a=ssrc:${Number.parseInt(ids.hex(7), 16)} cname:WhatsAppAudioStream1`,
  '',
];

/** Meta's offer when a user calls: ICE-lite, two host candidates in documentation networks, actpass, mid `audio`. */
export const metaOffer = (ids: Ids): Session => ({ sdp_type: 'offer', sdp: lines(ids, 'actpass', 'audio', 40_012).join('\r\n') });

/** Meta's answer to our offer: `setup:active`, with the mid of the offer. */
export const metaAnswer = (ids: Ids, offer: string): Session => {
  const mid = /\r\na=mid:(\S+)\r\n/.exec(offer)?.[1] ?? '0';
  return { sdp_type: 'answer', sdp: lines(ids, 'active', mid, 3_480).join('\r\n') };
};

/** Why Meta would refuse this SDP, or `null` when it would take it. */
export function faultOfSdp(sdp: string, type: Session['sdp_type']): string | null {
  if (sdp.includes('\\r') || sdp.includes('\\n')) return 'SDP contains escaped line ends: it was serialised twice';
  if (/[^\r]\n|\r(?!\n)/.test(sdp) || !sdp.endsWith('\r\n')) return 'every SDP line must end with CRLF';
  if (!sdp.startsWith('v=0\r\n')) return 'SDP must start with v=0';
  if ((sdp.match(/\r\nm=/g) ?? []).length !== 1 || !/\r\nm=audio \d+ /.test(sdp)) return 'SDP must have exactly one m-line, of audio';
  const prints = [...sdp.matchAll(/\r\na=fingerprint:(\S+) (\S+)(?=\r\n)/g)];
  if (!prints.length) return 'No fingerprint found in SDP';
  if (prints.some(([, hash, value]) => hash?.toLowerCase() !== 'sha-256' || !/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/i.test(value ?? ''))) {
    return 'SDP must have sha-256 fingerprints only';
  }
  if (!/\r\na=ice-ufrag:\S+\r\n/.test(sdp) || !/\r\na=ice-pwd:\S+\r\n/.test(sdp)) return 'SDP has no ICE credentials';
  if (!/\r\na=rtpmap:\d+ opus\/48000/i.test(sdp)) return 'SDP must carry Opus at 48000 Hz';
  const setups = [...sdp.matchAll(/\r\na=setup:(\S+)(?=\r\n)/g)].map((match) => match[1]);
  const allowed = type === 'answer' ? ['active'] : ['actpass', 'active'];
  if (!setups.length || setups.some((setup) => !allowed.includes(setup ?? '')))
    return `${type} SDP must be a=setup:${allowed.join(' or ')}`;
  return null;
}
