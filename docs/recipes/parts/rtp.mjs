// Frames of Opus, 20 ms each, on the wire (RTP, RFC 3550).
export function packetOf(frame, { type, sequence, ssrc }) {
  const head = Buffer.from([0x80, type, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt16BE(sequence & 0xffff, 2);
  head.writeUInt32BE((sequence * 960) >>> 0, 4);
  head.writeUInt32BE(ssrc, 8);
  return Buffer.concat([head, frame]);
}

/** What a packet carries: without its header, the header's extension and the padding. */
export function frameOf(packet) {
  const head = 12 + (packet[0] & 15) * 4;
  const extension = packet[0] & 16 ? 4 + packet.readUInt16BE(head + 2) * 4 : 0;
  return packet.subarray(head + extension, packet.length - (packet[0] & 32 ? packet.at(-1) : 0));
}
