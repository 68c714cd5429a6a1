import { EventStreamParser } from './event-stream.js';

it('reads blocks of an event stream wherever the chunks are cut', () => {
  const text = 'retry: 2500\nid: evt_0\n\n:\n\nid: evt_1\ndata: {"a":"b: c"}\n\nevent: reset\nid:\ndata: {}\n\nid: evt_2';
  const whole = new EventStreamParser().push(text);
  expect(whole).toEqual([
    { id: 'evt_0', event: undefined, data: undefined, retry: 2_500 },
    { id: undefined, event: undefined, data: undefined, retry: undefined },
    { id: 'evt_1', event: undefined, data: '{"a":"b: c"}', retry: undefined },
    { id: '', event: 'reset', data: '{}', retry: undefined },
  ]);
  const parser = new EventStreamParser();
  expect([...text].flatMap((letter) => parser.push(letter))).toEqual(whole);
});
