// The page of the web phone: talks to the gateway itself, with a token, and carries the sound straight to WhatsApp.
const [form, hangUp, said] = ['dial', 'hang-up', 'said'].map((id) => document.getElementById(id));
const say = (text) => Object.assign(said, { textContent: text });
let [current, pass] = [null, null];

async function ask(path, body) {
  if (!pass || Date.parse(pass.expires_at) < Date.now() + 60_000) pass = await (await fetch('/token', { method: 'POST' })).json();
  const headers = { Authorization: `Bearer ${pass.token}`, 'Accept-Language': navigator.language, 'Content-Type': 'application/json' };
  const answer = await fetch(pass.gateway + path, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers });
  const value = await answer.json();
  if (answer.ok) return value;
  throw new Error([value.detail, value.remedy, value.retry_at].filter(Boolean).join('\n'));
}
async function until(id, holds) {
  for (;;) {
    const call = await ask(`/api/calling/calls/${id}`);
    say(call.outcome ? `${call.state}: ${call.outcome}` : call.state);
    if (call.state === 'ended' || holds(call)) return call;
    await new Promise((done) => setTimeout(done, 500));
  }
}
async function dial(to) {
  current = await ask('/api/calling/make-call', { to });
  if ((await until(current.id, ({ state }) => state === 'ready')).state === 'ended') return;
  const peer = new RTCPeerConnection();
  const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
  peer.addTrack(microphone.getAudioTracks()[0], microphone);
  peer.ontrack = ({ track }) => Object.assign(new Audio(), { srcObject: new MediaStream([track]), autoplay: true });
  await peer.setLocalDescription(await peer.createOffer());
  for (let i = 0; peer.iceGatheringState !== 'complete' && i < 20; i += 1) await new Promise((done) => setTimeout(done, 100));
  await ask('/api/calling/connect', { id: current.id, session: { sdp_type: 'offer', sdp: peer.localDescription.sdp } });
  const { session } = await until(current.id, (call) => call.session);
  if (session) await peer.setRemoteDescription({ type: 'answer', sdp: session.sdp });
  await until(current.id, () => false);
  microphone.getAudioTracks()[0].stop();
  peer.close();
}
form.onsubmit = (event) => {
  event.preventDefault();
  dial(form.elements.to.value).catch(({ message }) => say(message));
};
hangUp.onclick = () => current && ask('/api/calling/terminate', { id: current.id });
