// Frames of Opus, 20 ms each, in a file (Ogg, RFC 7845).
import { readFile, writeFile } from 'node:fs/promises';

/** The frames of a file that `ffmpeg -i any.wav -ac 1 -c:a libopus -frame_duration 20 greeting.ogg` makes. */
export async function readOgg(file) {
  const packets = [Buffer.alloc(0)];
  for (let bytes = await readFile(file); bytes.length; ) {
    let at = 27 + bytes[26];
    for (const size of bytes.subarray(27, at)) {
      packets.push(Buffer.concat([packets.pop(), bytes.subarray(at, at + size)]), ...(size < 255 ? [Buffer.alloc(0)] : []));
      at += size;
    }
    bytes = bytes.subarray(at);
  }
  return packets.slice(2, -1);
}

/** One page for each frame, which every player reads. */
export async function writeOgg(file, frames) {
  const packets = [Buffer.from('OpusHead\x01\x01\0\0\x80\xbb\0\0\0\0\0', 'latin1'), Buffer.from('OpusTags\0\0\0\0\0\0\0\0'), ...frames];
  await writeFile(file, Buffer.concat(packets.map((packet, i) => page(packet, i, i === packets.length - 1))));
}

function page(packet, index, last) {
  const sizes = [...Array(Math.floor(packet.length / 255)).fill(255), packet.length % 255];
  const head = Buffer.concat([Buffer.from('OggS'), Buffer.alloc(22), Buffer.from([sizes.length, ...sizes])]);
  head[5] = (index === 0 ? 2 : 0) | (last ? 4 : 0);
  head.writeUInt32LE(Math.max(0, index - 1) * 960, 6);
  head.writeUInt32LE(index, 18);
  const whole = Buffer.concat([head, packet]);
  let sum = 0;
  for (const byte of whole) {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum << 1) ^ (sum < 0 ? 0x04c11db7 : 0);
  }
  whole.writeUInt32LE(sum >>> 0, 22);
  return whole;
}
