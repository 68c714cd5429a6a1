import { fact, withControl } from './call.js';
import { toCallDto } from './call.view.js';
import { derive } from './derive.js';
import { after, call, connected, DEADLINES, dialled, T } from './histories.fixture.js';
import { eventsOf, MEMBERS } from './publish.js';

const snapshot = (made: ReturnType<typeof call>) => ({ call: made, derived: derive(made, DEADLINES) });

describe('the events of a call', () => {
  it('compare the members that a call has over REST, each decided', () => {
    const shown = toCallDto(snapshot(call('outbound')), undefined, 'http://gateway', true);
    expect(Object.keys(MEMBERS)).toEqual(Object.keys(shown));
  });

  it('name the members that changed by their public names', () => {
    const before = snapshot(after(call('outbound'), dialled));
    const ringing = snapshot(after(before.call, [{ kind: 'ringing', at: T + 2e3 }]));
    expect(eventsOf(before, ringing)).toEqual([{ type: 'call.updated', changed: ['state', 'ringing_at'] }]);
    expect(eventsOf(ringing, ringing)).toEqual([]);
  });

  it('say that an SDP has come, and never hold it', () => {
    const before = snapshot(after(call('outbound'), dialled));
    const answered = snapshot(after(before.call, [connected()]));
    expect(eventsOf(before, answered)).toEqual([{ type: 'call.connected', changed: ['session'] }]);
    expect(toCallDto(answered, undefined, 'http://gateway', false).session).toBeNull();
    expect(toCallDto(answered, undefined, 'http://gateway', true).session).toEqual(fact(answered.call.facts, 'connected')?.session);
  });

  it('publish nothing for a lease that is renewed', () => {
    const before = snapshot(after(call('inbound'), [connected()]));
    const lease = { holder: 'window', fence: 1, by: 'key_1', keyId: 'key_1', name: 'Ana', until: T + 3e4 };
    expect(eventsOf(before, snapshot(withControl(before.call, { lease })))).toEqual([]);
  });
});
