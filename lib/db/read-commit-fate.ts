import type { Pool } from './pool.ts'

/**
 * Asks on another connection what became of a transaction whose commit was sent, but not answered.
 * @param about.eventId the event that the transaction adds to the trail
 * @param about.transaction its number, as `pg_current_xact_id()` told inside of it
 * @throws what pg throws; also when the database, restored or failed over, does not know the number
 */
export async function readCommitFate(
  pool: Pool,
  { eventId, transaction }: { eventId: string; transaction: string },
): Promise<'done' | 'not done' | 'under way'> {
  const { rows } = await pool.query<{ stands: boolean; status: string | null }>(
    'SELECT EXISTS (SELECT FROM audit_event WHERE id = $1) AS stands, pg_xact_status($2::xid8) AS status',
    [eventId, transaction],
  )
  const [found] = rows
  if (found?.stands || found?.status === 'committed') return 'done'
  return found?.status === 'aborted' ? 'not done' : 'under way'
}
