/** One kind of rows that are deleted after their retention. */
export interface Purge {
  /** Under which the number of deleted rows is logged. */
  name: string;
  /** @returns how many rows it deleted */
  run(now: number): Promise<number>;
}

/** The token of the registry: every `Purge` that the retention job runs. */
export const PURGES = Symbol('purges');
