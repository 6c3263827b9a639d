import { endsIntent, listed } from '#lib/kernel/db/audit/trail-sql.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import type { Observer } from '#lib/kernel/model/audit/observer.ts'

/** The batch size. The next run continues. */
const maxAtOnce = 500

/**
 * Writes missing outcomes for intents of the portal and the worker. Such an intent is in the transaction of its change,
 * so both were committed. Excluded are kubectl intents (`kubectl.…`), with an outcome that isn't known here, and pseudonyms,
 * which take many transactions.
 * @param between only intents of this period: newer ones may still be in progress
 * @param observer the worker that writes them
 * @returns how many were written
 */
export async function insertMissingOutcomes(
  pool: Pool,
  between: { from: Date; until: Date },
  at: Date,
  observer: Observer,
): Promise<number> {
  const { rowCount } = await pool.query(
    `INSERT INTO audit_event (id, intent_id, action, at, actor_kind, actor_id, actor_handle, actor_name, target_kind, target_id,
       target_name, space_id, namespace, observer, source_address, user_agent, destination, outcome, reason, detail, request_id)
     SELECT gen_random_uuid(), id, action, $3, actor_kind, actor_id, actor_handle, actor_name, target_kind, target_id,
       target_name, space_id, namespace, $4, source_address, user_agent, destination, 'ok', 'settled_later', detail, request_id
     FROM audit_event intent
     WHERE at BETWEEN $1 AND $2 AND ${listed('intent').sql} AND outcome IS NULL AND action NOT LIKE 'kubectl.%' AND action <> 'person.pseudonymise'
       AND NOT EXISTS (SELECT FROM audit_event outcome WHERE ${endsIntent('outcome', 'intent').sql})
     ORDER BY seq LIMIT ${maxAtOnce}
     ON CONFLICT DO NOTHING`,
    [between.from, between.until, at, observer],
  )
  return rowCount ?? 0
}
