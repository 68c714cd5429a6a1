/** One RTP packet. `timestamp` counts samples of the payload's clock. @see RFC 3550, 5.1 */
export type RtpPacket = NonNullable<ReturnType<typeof readRtp>>;

const HEADER_BYTES = 12;

export function writeRtp({ payloadType, marker, sequence, timestamp, ssrc, payload }: RtpPacket): Buffer {
  const packet = Buffer.alloc(HEADER_BYTES + payload.length);
  packet[0] = 0x80;
  packet[1] = payloadType | (marker ? 0x80 : 0);
  packet.writeUInt16BE(sequence & 0xffff, 2);
  packet.writeUInt32BE(timestamp >>> 0, 4);
  packet.writeUInt32BE(ssrc >>> 0, 8);
  payload.copy(packet, HEADER_BYTES);
  return packet;
}

/** `null` for anything that is no RTP, such as RTCP on the same port (RFC 5761) or a packet cut short. */
export function readRtp(bytes: Buffer) {
  const [first = 0, second = 0] = bytes;
  if (bytes.length < HEADER_BYTES || first >> 6 !== 2 || (second >= 192 && second <= 223)) return null;
  let start = HEADER_BYTES + (first & 0x0f) * 4;
  if (first & 0x10) {
    if (bytes.length < start + 4) return null;
    start += 4 + bytes.readUInt16BE(start + 2) * 4;
  }
  const end = bytes.length - (first & 0x20 ? (bytes.at(-1) ?? 0) : 0);
  if (start > end) return null;
  return {
    payloadType: second & 0x7f,
    marker: second > 0x7f,
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    ssrc: bytes.readUInt32BE(8),
    payload: bytes.subarray(start, end),
  };
}
