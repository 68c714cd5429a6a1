// WebRTC for Node, which the bots alone need.
export const library = (await import('node-datachannel').catch(() => null))?.default;
if (!library) {
  console.error('The bots need node-datachannel, which is not installed or has no binary for this machine: npm install node-datachannel');
  process.exit(69);
}
// Its version 0.33 crashes at its end when a track was garbage collected, and runs until it is stopped.
export const tracks = [];
export const stop = () => {
  library.cleanup();
  process.exit();
};
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);
