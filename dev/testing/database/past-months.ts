import type pg from 'pg'

/**
 * Gives the trail past months, as if the chain had begun then: its older part ends where the first of them begins. They
 * must be consecutive up to the month of the migration, and no row may be older than the chain.
 * @param months as numbers: 202601
 */
export async function makePastMonths(owner: pg.Pool, months: readonly number[]): Promise<void> {
  const first = months[0] ?? 0
  const { rows } = await owner.query<{ first: number }>(
    `SELECT min(substring(c.relname FROM '^audit_event_([0-9]{6})$')::int) AS first FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'audit_event'::regclass`,
  )
  const ends = [...months.slice(1), rows[0]?.first ?? 0]
  await owner.query(`
    ALTER TABLE audit_event DETACH PARTITION audit_event_before;
    ALTER TABLE audit_event ATTACH PARTITION audit_event_before FOR VALUES FROM (MINVALUE) TO (${first}000000000000);
    ALTER TABLE audit_block DETACH PARTITION audit_block_before;
    ALTER TABLE audit_block ATTACH PARTITION audit_block_before FOR VALUES FROM (MINVALUE) TO (${first});
    ${months
      .map(
        (month, i) => `
      CREATE TABLE audit_event_${month} (LIKE audit_event INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
      SELECT prepare_trail_partition('audit_event_${month}');
      ALTER TABLE audit_event ATTACH PARTITION audit_event_${month} FOR VALUES FROM (${month}000000000000) TO (${ends[i]}000000000000);
      CREATE TABLE audit_block_${month} (LIKE audit_block INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
      ALTER TABLE audit_block ATTACH PARTITION audit_block_${month} FOR VALUES FROM (${month}) TO (${ends[i]});
      ALTER TABLE audit_event_${month} OWNER TO spaceport_trail_owner;
      ALTER TABLE audit_block_${month} OWNER TO spaceport_trail_owner;`,
      )
      .join('')}`)
}

/** Adds rows to a past month and seals them, as a worker would have then. */
export async function fillPastMonth(owner: pg.Pool, month: number, rows: number): Promise<void> {
  await owner.query(
    `INSERT INTO audit_event (seq, id, action, at, recorded_at, actor_kind, actor_id, actor_handle, actor_name, target_kind, target_name, observer,
       source_address, user_agent, destination, outcome, detail)
     SELECT $1::bigint * 1000000000000 + f.n, gen_random_uuid(), 'kubectl.patch', f.at, f.at, 'user', gen_random_uuid(), 'somebody-' || f.i,
       'Somebody "' || f.i || '"', 'deployments.apps', 'web', 'gateway/test', '192.0.2.1', 'kubectl/1.36', 'cluster/default', 'ok',
       jsonb_build_object('n', f.i)
     FROM (SELECT i, n, to_date($1::text, 'YYYYMM') + n * interval '1 second' AS at
       FROM (SELECT i, nextval('audit_event_seq_seq') AS n FROM generate_series(1, $2::int) i) numbered) f`,
    [month, rows],
  )
  await owner.query('SELECT seal_trail($1)', [rows + 1_000])
}
