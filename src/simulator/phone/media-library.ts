import type nodeDataChannel from 'node-datachannel';
import type { Track } from 'node-datachannel';

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

/** node-datachannel 0.33 visits every track it ever made when it stops, and crashes if one was garbage collected meanwhile. */
const tracks: Track[] = [];

/** Keeps the handle of a closed track, some hundred bytes, until the library stops. */
export const keepTrack = (track: Track): void => void tracks.push(track);

/** Closes what is open and stops the library's threads, which would keep the process alive. It can be used again afterwards. */
export function stopMediaLibrary(library: MediaLibrary): void {
  library.cleanup();
  tracks.length = 0;
}
