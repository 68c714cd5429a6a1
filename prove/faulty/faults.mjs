// Gateways that break one promise each. A proof that cannot fail proves nothing, so each one runs once more against such a gateway.
import { Interval } from '@nestjs/schedule';
import pg from 'pg';
import { ApiKeysService } from '../../dist/access/keys/api-keys.service.js';
import { AppModule } from '../../dist/app.module.js';
import { CallsStore } from '../../dist/calling/call/storage/calls.store.js';
import { PollJob } from '../../dist/compliance/polling/poll.job.js';
import { EndpointClient } from '../../dist/delivery/subscriptions/endpoint.client.js';
import { HttpTransport } from '../../dist/dialog360/http-transport.client.js';
import { RequestLimits } from '../../dist/dialog360/limits/request-limits.service.js';
import { OutboxStore } from '../../dist/events/outbox.store.js';
import { PresenterService } from '../../dist/events/presenter.service.js';
import { GraphNumberService } from '../../dist/graph/routes/graph-number.service.js';
import { EVERY_NUMBER } from '../../dist/identity/numbers/number-reach.js';
import { InboxService } from '../../dist/inbox/inbox.service.js';
import { ProcessingService } from '../../dist/inbox/processing/processing.service.js';
import { QueueLeases } from '../../dist/inbox/queue/queue-leases.service.js';
import { QueuesStore } from '../../dist/inbox/queue/queues.store.js';
import { SystemClock } from '../../dist/kernel/clock.js';
import { Secret } from '../../dist/kernel/secret.js';
import { PostClient } from '../../dist/outbound-http/post.client.js';
import { SweepStore } from '../../dist/privacy/erasure/sweep.store.js';
import { InstanceLock } from '../../dist/store/instance-lock.js';
import { fromCursor } from '../../dist/store/order.js';
import { Store } from '../../dist/store/store.js';
import { changeMade, replaceClass } from './replace.mjs';
import { runPragma, skipTo, withoutTimeouts } from './sql.mjs';

const SECOND = 1_000;
/** An answer this long before its commit is found by every tenth kill. */
const COMMIT_AFTER_MS = 5;
const PREFIX_LENGTH = 8;
/** What 10,000 elements took when they had one turn. */
const ALL_PARTS_MS = 3 * SECOND;

/** A root module with one provider replaced. @param {(root: object) => void} replace */
const withFault = (replace) => (settings) => {
  const root = AppModule.with(settings);
  replace(root);
  return root;
};

const withInbox = (wrong) => withFault((root) => replaceClass(root, InboxService, wrong));
const withStore = (change) => withFault((root) => changeMade(root, Store, change));

/** @param {new (token: string) => Secret} Token compares what comes with the token of webhooks */
const withTokens = (Token) => (settings) => {
  const webhookTokens = settings.dialog360.webhookTokens.map((token) => new Token(token.reveal()));
  return AppModule.with({ ...settings, dialog360: { ...settings.dialog360, webhookTokens } });
};

class AnswersBeforeCommit extends InboxService {
  async keep(body) {
    setTimeout(() => void super.keep(body).catch(() => undefined), COMMIT_AFTER_MS);
  }
}

class KeepsWhatItParsed extends InboxService {
  async keep(body) {
    await super.keep(Buffer.from(JSON.stringify(JSON.parse(Buffer.from(body).toString()))));
  }
}

/** 360dialog waits for the forward target. */
const forwardsWithinTheRequest = ({ forward: { url, headers } }) => {
  const client = new PostClient({ reach: 'any', timeoutMs: 15 * SECOND });
  return class extends InboxService {
    async keep(body) {
      await super.keep(body);
      await client.post(url, headers, body);
    }
  };
};

/** Forwarding gets no notification and works at its ticks alone. */
class NeverNotifies extends InboxService {
  onKept() {}
}

/** No error has a code any more, so that a fault of the store looks like one of the delivery. */
class EveryFaultIsPoison extends ProcessingService {
  async apply(...batch) {
    return super.apply(...batch).catch(() => {
      throw new TypeError('this delivery cannot be applied');
    });
  }

  async applyEach(phoneNumberId, delivery, onFailure) {
    await super.applyEach(phoneNumberId, delivery, (_error, element) => onFailure(new TypeError('nor can this element'), element));
  }
}

/** The cursor of every subscription moves past an event before the event is sent. */
const movesCursorFirst = (store) =>
  class extends PresenterService {
    async present(event, scopes) {
      await skipTo(store(), event.cursor);
      return super.present(event, scopes);
    }
  };

class ReadsOpenTransactions extends OutboxStore {
  visibleAfter(reader, from) {
    return reader.selectFrom('events').where(fromCursor('postgres', '>', from));
  }
}

class SkipsDeliveries extends SweepStore {
  async deliveries() {
    return { found: [], next: null };
  }
}

/** What was sent and got no answer is sent once more. */
function askAgain() {
  const { send } = HttpTransport.prototype;
  HttpTransport.prototype.send = async function (request) {
    const response = await send.call(this, request);
    return response.sent ? send.call(this, request) : response;
  };
}

/** Whoever takes the queue has it for an hour, also once it is dead. */
class LeaseWithoutEnd extends QueuesStore {
  async take(key, holder) {
    return super.take(key, holder, 3_600 * SECOND);
  }
}

/** Every replica works, whoever holds the queue. */
class WorksWithoutLease extends QueueLeases {
  held(key) {
    return { key, token: null };
  }

  async take(key) {
    return this.held(key);
  }
}

/** Every token is right, so every body is read. */
class EqualsAnything extends Secret {
  equals() {
    return true;
  }
}

/** A large delivery holds the process for as long as its elements take, without a turn of the event loop for anything else. */
class OneLongTurn extends ProcessingService {
  async applyInParts(...delivery) {
    for (const end = performance.now() + ALL_PARTS_MS; performance.now() < end; );
    return super.applyInParts(...delivery);
  }
}

class ComparesPrefix extends Secret {
  equals(other) {
    return other.startsWith(this.reveal().slice(0, PREFIX_LENGTH));
  }
}

/** An id in a path is believed to have the shape of an id. */
class TrustsTheId extends ApiKeysService {
  async delete(id) {
    return super.delete(/^key_(\w+)$/.exec(id)[0]);
  }
}

/** The id of a number in a path is believed to have the shape of one. */
class TrustsTheNumber extends GraphNumberService {
  async shown(by, id, fields) {
    return super.shown(by, /^\d+$/.exec(id)[0], fields);
  }
}

/** An endpoint that refuses one element counts as one that is down. */
class RefusedIsDown extends EndpointClient {
  async send(subscription, event) {
    const result = await super.send(subscription, event);
    return result.status === 422 ? { ...result, status: 500 } : result;
  }
}

/** No connection to Postgres has a listener for its end, and Node ends a process that has an `error` event without a listener. */
function dropErrorListeners() {
  for (const { prototype } of [pg.Pool, pg.Client]) {
    const { on } = prototype;
    prototype.on = function (event, listener) {
      return event === 'error' ? this : on.call(this, event, listener);
    };
  }
}

/** Both of its clocks jump together, so that no jump is noticed. */
class JumpingClock extends SystemClock {
  steady() {
    return this.now();
  }
}

/** What a call has is read before it is seen that the call is out of reach. */
class ReadsBeforeReach extends CallsStore {
  async byId(reader, id, by) {
    const found = await super.byId(reader, id, EVERY_NUMBER);
    for (let i = 0; found && i < 40; i += 1) await super.byId(reader, id, EVERY_NUMBER);
    return super.byId(reader, id, by);
  }
}

/** The requests of all numbers take the slots of the first line. */
function shareOneLine() {
  const { run } = RequestLimits.prototype;
  let first = null;
  RequestLimits.prototype.run = function (...request) {
    first ??= this;
    return run.apply(first, request);
  };
}

/** By name, what makes the root module of the gateway. @type {Record<string, (settings: object) => object>} */
/** Every number is polled when the process starts, however many there are. */
class PollsAllAtOnce extends PollJob {
  #begun = false;

  tick() {
    const all = this.numbers.all();
    if (this.#begun || all.length === 0) return;
    this.#begun = true;
    for (const number of all)
      void this.polls.begin(number, 'start').then(
        ({ done }) => done,
        () => undefined,
      );
  }
}
Interval(SECOND)(PollsAllAtOnce.prototype, 'tick', Object.getOwnPropertyDescriptor(PollsAllAtOnce.prototype, 'tick'));

export const FAULTS = {
  'ack-before-commit': withInbox(AnswersBeforeCommit),
  'keep-what-was-parsed': withInbox(KeepsWhatItParsed),
  'every-fault-is-poison': withFault((root) => replaceClass(root, ProcessingService, EveryFaultIsPoison)),
  'forward-inline': (settings) => withInbox(forwardsWithinTheRequest(settings))(settings),
  'forward-by-tick': withInbox(NeverNotifies),
  'cursor-before-send': withFault((root) => {
    let store = null;
    changeMade(root, Store, (made) => {
      store = made;
      return made;
    });
    replaceClass(
      root,
      PresenterService,
      movesCursorFirst(() => store),
    );
  }),
  'cursor-without-floor': withFault((root) => replaceClass(root, OutboxStore, ReadsOpenTransactions)),
  'erase-without-deliveries': withFault((root) => replaceClass(root, SweepStore, SkipsDeliveries)),
  'erase-without-compaction': withStore((store) => Object.assign(store, { compact: async () => 'done' })),
  'synchronous-normal': withStore((store) => runPragma(store, 'synchronous = NORMAL')),
  'wait-for-lock': withStore((store) => runPragma(store, 'busy_timeout = 60000')),
  'transactions-without-timeout': withStore(withoutTimeouts),
  'never-look-at-the-file': (settings) => {
    InstanceLock.take = async () => ({ assertHeld: () => undefined, release: () => undefined });
    return withStore((store) => Object.assign(store, { probe: async () => undefined, guard: () => undefined }))(settings);
  },
  'announce-nothing': withStore((store) => {
    store.notifications.announce = () => undefined;
    store.notifications.announceBehind = () => undefined;
    return store;
  }),
  'publish-by-tick': withStore((store) => Object.assign(store, { onCommit: () => undefined })),
  'dial-again': (settings) => {
    askAgain();
    return AppModule.with(settings);
  },
  'token-by-prefix': withTokens(ComparesPrefix),
  'any-token': withTokens(EqualsAnything),
  'one-long-turn': withFault((root) => replaceClass(root, ProcessingService, OneLongTurn)),
  'trust-the-id': withFault((root) => replaceClass(root, ApiKeysService, TrustsTheId)),
  'trust-the-number': withFault((root) => replaceClass(root, GraphNumberService, TrustsTheNumber)),
  'refused-is-down': withFault((root) => replaceClass(root, EndpointClient, RefusedIsDown)),
  'believe-the-clock': (settings) => AppModule.with(settings, new JumpingClock()),
  'die-with-connection': (settings) => {
    dropErrorListeners();
    return AppModule.with(settings);
  },
  'read-before-reach': withFault((root) => replaceClass(root, CallsStore, ReadsBeforeReach)),
  'one-line': (settings) => {
    shareOneLine();
    return AppModule.with(settings);
  },
  'lease-without-end': withFault((root) => replaceClass(root, QueuesStore, LeaseWithoutEnd)),
  'work-without-lease': withFault((root) => replaceClass(root, QueueLeases, WorksWithoutLease)),
  'polls-all-at-once': withFault((root) => replaceClass(root, PollJob, PollsAllAtOnce)),
  'leave-at-once': (settings) => {
    process.prependListener('SIGTERM', () => process.exit(1));
    return AppModule.with(settings);
  },
};
