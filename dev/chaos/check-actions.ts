import type pg from 'pg'
import { type ConfirmedAction, compareActions, type TrailRow } from './compare-actions.ts'

/**
 * Checks that each confirmed action in the portal is in the trail once.
 * @returns the violations
 */
export async function checkActions(
  owner: Pick<pg.ClientBase, 'query'>,
  confirmed: readonly ConfirmedAction[],
): Promise<string[]> {
  const { rows } = await owner.query<TrailRow>(
    `SELECT id, intent_id AS "intentId", action, target_id AS "targetId", target_name AS "targetName",
       outcome::text AS outcome
     FROM audit_event WHERE action IN ('space.create', 'grant.remove', 'credential.revoke')`,
  )
  const revoked = await owner.query<{ id: string; hash: string }>(
    "SELECT id, encode(token_hash, 'hex') AS hash FROM credential WHERE revoked_at IS NOT NULL",
  )
  return compareActions(confirmed, rows, new Map(revoked.rows.map(({ id, hash }) => [hash, id])))
}
