const sdp = (setup: string, tag: string): string =>
  [
    'v=0',
    `o=- ${tag} 2 IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111 126',
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:u${tag}`,
    'a=ice-pwd:abcdefghijklmnopqrstuvwx',
    `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
    `a=setup:${setup}`,
    'a=mid:0',
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:111 opus/48000/2',
    'a=rtpmap:126 telephone-event/8000',
    '',
  ].join('\r\n');

export const offer = (tag = '1001') => ({ sdp_type: 'offer', sdp: sdp('actpass', tag) });
export const answer = (tag = '2001') => ({ sdp_type: 'answer', sdp: sdp('active', tag) });
