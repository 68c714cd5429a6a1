import type { BrowserContext, Page } from 'playwright-core';

/** What a page heard and sent in some time: mean squares of the samples, 1 being full scale, as its WebRTC stack counted them. */
export interface Energy {
  heard: number;
  sent: number;
}

interface Recorded {
  recordedPeers: RTCPeerConnection[];
}

/** From now on the pages of a context keep their media peers where `energyOf` finds them. */
export const recordPeers = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript(() => {
    const peers: RTCPeerConnection[] = [];
    Object.assign(window, {
      recordedPeers: peers,
      RTCPeerConnection: class extends RTCPeerConnection {
        constructor(...given: ConstructorParameters<typeof RTCPeerConnection>) {
          super(...given);
          peers.push(this);
        }
      },
    });
  });

/** Measures for so long. @returns NaN for a side that no audio comes from at all */
export const energyOf = (page: Page, ms: number): Promise<Energy> =>
  page.evaluate(async (time) => {
    const count = async () => {
      const total = { heard: 0, heardFor: 0, sent: 0, sentFor: 0 };
      const open = (window as unknown as Recorded).recordedPeers.filter(({ connectionState }) => connectionState !== 'closed');
      for (const peer of open) {
        for (const { type, totalAudioEnergy = 0, totalSamplesDuration = 0 } of (await peer.getStats()).values()) {
          if (type === 'inbound-rtp') {
            total.heard += totalAudioEnergy;
            total.heardFor += totalSamplesDuration;
          } else if (type === 'media-source') {
            total.sent += totalAudioEnergy;
            total.sentFor += totalSamplesDuration;
          }
        }
      }
      return total;
    };
    const before = await count();
    await new Promise((resolve) => setTimeout(resolve, time));
    const after = await count();
    return {
      heard: (after.heard - before.heard) / (after.heardFor - before.heardFor),
      sent: (after.sent - before.sent) / (after.sentFor - before.sentFor),
    };
  }, ms);
