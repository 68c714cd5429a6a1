import type nodeDataChannel from 'node-datachannel';

/** ICE, DTLS and SRTP, in native code. */
export type MediaLibrary = typeof nodeDataChannel;

/** `null` where the library is not installed or has no binary for this machine: phones are then silent, and all else works. */
export async function loadMediaLibrary(): Promise<MediaLibrary | null> {
  try {
    return (await import('node-datachannel')).default;
  } catch {
    return null;
  }
}
