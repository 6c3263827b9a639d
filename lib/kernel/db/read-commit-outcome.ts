import type { Pool } from './pool.ts'

/**
 * Reads the outcome of a transaction after an unanswered commit, on another connection.
 * @param about.eventId the event that the transaction adds to the trail
 * @param about.transaction its number, from `pg_current_xact_id()` inside it
 * @throws what pg throws; also when the database does not know the number (after a restore or failover)
 */
export async function readCommitOutcome(
  pool: Pool,
  { eventId, transaction }: { eventId: string; transaction: string },
): Promise<'done' | 'not done' | 'under way'> {
  const { rows } = await pool.query<{ recorded: boolean; status: string | null }>(
    'SELECT EXISTS (SELECT FROM audit_event WHERE id = $1) AS recorded, pg_xact_status($2::xid8) AS status',
    [eventId, transaction],
  )
  const [found] = rows
  if (found?.recorded || found?.status === 'committed') return 'done'
  return found?.status === 'aborted' ? 'not done' : 'under way'
}
