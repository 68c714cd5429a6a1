import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Settings } from '#config/settings.js';
import { SECOND } from '#kernel/clock.js';
import { type Secret, sha256 } from '#kernel/secret.js';
import { SingleFlight } from '#kernel/wake-up-loop.js';
import { type Reader, Store, type Tx } from '#store/store.js';
import { isStoreFault } from '#store/store-fault.js';
import { type BusinessNumber, type NumberSecrets, readForwardTarget, toBusinessNumber } from './business-number.js';
import { type KeptNumber, NUMBERS_LOCK, type NumberChange, NumbersStore } from './numbers.store.js';
import type { OurNumber } from './our-number.js';

/** What webhooks and 360dialog report of a number; no decision under the lock of the numbers depends on it. */
export type LearntOfNumber = Pick<NumberChange, 'wabaId' | 'displayPhoneNumber' | 'portfolioId' | 'clientId' | 'channelId'>;

/** How often a replica looks, since a notification may be lost. */
const LOOK_EVERY_MS = 2 * SECOND;
/** Lookups of numbers that do not exist reach the database no more often than this, and waits no longer for its turn. */
const MISSES_EVERY_MS = 100;

/**
 * The numbers of the database in memory: loaded at the start, read again after each write of this process, after a notification of another
 * replica, and every 2 s on Postgres.
 */
@Injectable()
export class NumberCache implements OnModuleInit, OnApplicationBootstrap {
  /** Opens a key that a row keeps sealed; null when it cannot be opened. One slot. */
  openKey: (sealed: string, phoneNumberId: string) => Secret | null = () => null;
  /** Likewise a target of forwarding, which is JSON. One slot. */
  openForward: (sealed: string, phoneNumberId: string) => Secret | null = () => null;
  #rows: ReadonlyMap<string, string> = new Map();
  #numbers: ReadonlyMap<string, BusinessNumber> = new Map();
  #ofTokens: ReadonlyMap<string, BusinessNumber> = new Map();
  /** Rises with each write, here or as another replica reports, so that what was read before it is not taken for what came of it. */
  #written = 0;
  /** How many of those writes changed one row alone, by its id. */
  readonly #updates = new Map<string, number>();
  #updated = 0;
  /** What this process has written could not be read: the next look reads it. */
  #isBehind = false;
  #missedAt = Number.NEGATIVE_INFINITY;
  #afterMiss: Promise<void> | null = null;
  readonly #reading = new SingleFlight<void>();
  readonly #listeners: Array<(ids: readonly string[]) => void> = [];

  constructor(
    private readonly kept: NumbersStore,
    private readonly store: Store,
    private readonly settings: Settings,
  ) {}

  onModuleInit(): Promise<void> {
    return this.refresh();
  }

  onApplicationBootstrap(): void {
    this.store.notifications?.listen('numbers', () => {
      this.#written += 1;
      void this.look();
    });
  }

  /** By id, the first one first. */
  get numbers(): ReadonlyMap<string, BusinessNumber> {
    return this.#numbers;
  }

  /** Reads the numbers when another replica may have changed them; while the database is away they stay as they were. */
  @Interval(LOOK_EVERY_MS)
  async look(): Promise<void> {
    if (this.store.engine === 'postgres' || this.#isBehind) await this.#readOrLater(() => this.refresh());
  }

  async #readOrLater(read: () => Promise<void>): Promise<void> {
    const wasBehind = this.#isBehind;
    this.#isBehind = true;
    try {
      await (wasBehind ? this.refresh() : read());
      this.#isBehind = false;
    } catch (error) {
      if (!isStoreFault(error)) throw error;
    }
  }

  /** Reads the numbers. @throws a fault of the store */
  refresh(): Promise<void> {
    return this.#reading.run(async () => {
      for (;;) {
        const written = this.#written;
        const rows = await this.kept.all();
        if (written === this.#written) return this.#take(rows);
      }
    });
  }

  /** Reads one row after it was written here, however often it was meanwhile; what others write is theirs to read. */
  async #refreshRow(id: string): Promise<void> {
    for (;;) {
      const version = this.#versionOf(id);
      const row = await this.kept.find(this.store.read, id);
      if (version === this.#versionOf(id)) return row && this.#numbers.has(id) ? this.#takeRow(row) : this.refresh();
    }
  }

  /** Rises with each write that may have changed this row. */
  #versionOf(id: string): number {
    return this.#written - this.#updated + (this.#updates.get(id) ?? 0);
  }

  /** Every row of the environment as it is in the database now. @throws a fault of the store */
  ofEnvironment(): Promise<OurNumber[]> {
    return this.kept.ofEnvironment();
  }

  /** The settings of every number, those that were removed included. @throws a fault of the store */
  ownSettings(): ReturnType<NumbersStore['settings']> {
    return this.kept.settings();
  }

  /** The ids of those with a forward in their row. */
  forwarded(tx: Tx): Promise<string[]> {
    return this.kept.forwarded(tx);
  }

  /** The state of a number as a reader sees it, not as this process remembers it; null when it is in no row. @throws a fault of the store */
  stateOf(reader: Reader, phoneNumberId: string): Promise<BusinessNumber['state'] | null> {
    return this.kept.state(reader, phoneNumberId);
  }

  /** The ids of those in use, as a transaction sees them, the first one first. */
  async idsInUse(tx: Tx): Promise<string[]> {
    return this.#inUse(await this.kept.all(tx)).map(({ phoneNumberId }) => phoneNumberId);
  }

  /** The number with this digest of a token. The digest of a text of one's own choice reveals nothing of another's, so the time of this look-up does not either. */
  ofToken(digest: string): BusinessNumber | null {
    return this.#ofTokens.get(digest) ?? null;
  }

  /**
   * Reads the numbers after a lookup that found none: what was committed before the call is seen. All who ask within
   * a tenth of a second share one reading. @throws a fault of the store
   */
  refreshAfterMiss(): Promise<void> {
    this.#afterMiss ??= this.#readAfterMiss();
    return this.#afterMiss;
  }

  async #readAfterMiss(): Promise<void> {
    try {
      const delay = this.#missedAt + MISSES_EVERY_MS - performance.now();
      if (delay > 0) await pause(delay, undefined, { ref: false });
      // A reading that has begun before may have missed what is asked for.
      await this.#reading.idle();
    } finally {
      this.#missedAt = performance.now();
      this.#afterMiss = null;
    }
    await this.refresh();
  }

  /** Changes rows under the lock of the numbers and `locks`, then as `update`. @returns the result of `work` */
  async write<T>(work: (tx: Tx, numbers: NumbersStore) => Promise<T>, locks: readonly string[] = []): Promise<T> {
    const result = await this.store.write((tx) => work(tx, this.kept), [NUMBERS_LOCK, ...locks]);
    this.#noteWrite();
    await this.#readOrLater(() => this.refresh());
    return result;
  }

  /**
   * Changes a row in what no decision under the lock of the numbers rests on: webhooks report such things, and wait for no lock. The numbers
   * are read again when this resolves, unless the database has gone away since, and the other replicas are notified.
   */
  async update(phoneNumberId: string, change: LearntOfNumber): Promise<void> {
    await this.store.write((tx) => this.kept.update(tx, phoneNumberId, change));
    this.#updates.set(phoneNumberId, (this.#updates.get(phoneNumberId) ?? 0) + 1);
    this.#updated += 1;
    this.#noteWrite();
    await this.#readOrLater(() => this.#refreshRow(phoneNumberId));
  }

  #noteWrite(): void {
    this.#written += 1;
    this.store.notifications?.announce('numbers');
  }

  /** Calls `listener` with the ids of those that were added, changed or removed. */
  onChanged(listener: (ids: readonly string[]) => void): void {
    this.#listeners.push(listener);
  }

  /** The configured number of the environment; the simulator has one number, whatever is configured. */
  get configured(): string | null {
    return this.settings.mode === 'live' ? this.settings.dialog360.phoneNumberId : null;
  }

  /** A number with what the settings or its sealed row add. */
  complete(row: KeptNumber): BusinessNumber {
    return toBusinessNumber(row, row.source === 'environment' ? this.#ofEnvironment() : this.#ofRow(row));
  }

  #ofEnvironment(): NumberSecrets {
    const { mode, forward, dialog360 } = this.settings;
    return { mode, forward, apiKey: dialog360.apiKey, webhookTokenDigests: dialog360.webhookTokens.map((token) => sha256(token.reveal())) };
  }

  #ofRow({ sealedApiKey, forward, phoneNumberId }: KeptNumber): NumberSecrets {
    const apiKey = sealedApiKey === null ? null : this.openKey(sealedApiKey, phoneNumberId);
    const target = forward === null ? null : this.openForward(forward, phoneNumberId);
    return { mode: this.settings.mode, apiKey, webhookTokenDigests: null, forward: target && readForwardTarget(target.reveal()) };
  }

  /** Without a configured id the first one is the environment's; another that an owner has left in the database is not used. */
  #inUse(all: readonly KeptNumber[]): KeptNumber[] {
    const ofEnvironment = all.find(({ source, phoneNumberId }) => source === 'environment' && isOr(phoneNumberId, this.configured));
    return all.filter((row) => row.source !== 'environment' || row === ofEnvironment);
  }

  #take(all: readonly KeptNumber[]): void {
    const rows = this.#inUse(all);
    const texts = new Map(rows.map((row) => [row.phoneNumberId, JSON.stringify(row)]));
    const same = (id: string) => texts.get(id) === this.#rows.get(id);
    const changed = [...new Set([...this.#rows.keys(), ...texts.keys()])].filter((id) => !same(id));
    if (changed.length === 0) return;
    const before = this.#numbers;
    const numberOf = (row: KeptNumber) => (same(row.phoneNumberId) && before.get(row.phoneNumberId)) || this.complete(row);
    this.#keep(new Map(rows.map((row) => [row.phoneNumberId, numberOf(row)])), texts, changed);
  }

  /** A row of a number in use. */
  #takeRow(row: KeptNumber): void {
    const id = row.phoneNumberId;
    const text = JSON.stringify(row);
    if (row.removedAt !== null || text === this.#rows.get(id)) return;
    this.#keep(new Map(this.#numbers).set(id, this.complete(row)), new Map(this.#rows).set(id, text), [id]);
  }

  #keep(numbers: ReadonlyMap<string, BusinessNumber>, rows: ReadonlyMap<string, string>, changed: readonly string[]): void {
    this.#numbers = numbers;
    this.#ofTokens = new Map([...numbers.values()].flatMap((number) => number.webhookTokenDigests.map((digest) => [digest, number])));
    this.#rows = rows;
    for (const listener of this.#listeners) listener(changed);
  }
}

const isOr = (phoneNumberId: string, configured: string | null): boolean => configured === null || configured === phoneNumberId;
