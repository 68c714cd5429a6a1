/**
 * Which replica holds the lease of a number's queue, and since when: a trigger of the proof writes down every change of it, with the name
 * that the replica gives its sessions.
 */
export class LeaseLog {
  /** @param {import('pg').Pool} pool */
  static async begin(pool) {
    await pool.query(`
      create table prove_leases (at double precision, key text, name text);
      create function prove_lease() returns trigger language plpgsql as $$
      begin
        insert into prove_leases
          values (extract(epoch from clock_timestamp()) * 1000, new.key, case when new.holder is null then null else current_setting('application_name') end);
        return null;
      end $$;
      create trigger prove_lease after insert or update on queues for each row when (new.key like 'inbox:%') execute function prove_lease()`);
    return new LeaseLog(pool);
  }

  constructor(pool) {
    this.pool = pool;
  }

  /** @returns {Promise<string | null>} the replica that took the lease last */
  async holder() {
    const { rows } = await this.pool.query('select name from prove_leases order by at desc limit 1');
    return rows[0]?.name ?? null;
  }

  /**
   * How many of these were done by a replica that did not hold the lease of the number.
   * @param {{ name: string, number: string, at: number }[]} done in ms since 1970
   */
  async countWithout(done) {
    const { rows } = await this.pool.query('select at, key, name from prove_leases order by at');
    const byKey = Map.groupBy(rows, ({ key }) => key);
    const holderAt = (number, at) => (byKey.get(`inbox:${number}`) ?? []).findLast((row) => row.at <= at + 1)?.name ?? null;
    return done.filter(({ name, number, at }) => holderAt(number, at) !== name).length;
  }
}
