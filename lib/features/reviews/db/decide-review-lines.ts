/** Writes decisions on review lines. Callers hold row locks on the lines and their spaces. */

import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { groupMemberSql } from '#lib/kernel/db/people/group-member-sql.ts'
import { effective } from '#lib/kernel/db/spaces/effective-sql.ts'
import type { Role, Standing } from '#lib/kernel/model/access/role.ts'
import type { LineState } from '#lib/kernel/model/requests/review.ts'

export async function saveDecision(
  tx: Tx,
  ids: readonly string[],
  given: { state: LineState; toRole: Role | null; reason: string; at: Date; byId: string },
): Promise<void> {
  if (ids.length === 0) return
  const { state, toRole, reason, at, byId } = given
  await tx.$executeRaw`
    UPDATE review_line SET state = ${state}::review_line_state, to_role = ${toRole}, reason = ${reason === '' ? null : reason},
      decided_at = ${at}, decided_by_id = ${byId}::uuid WHERE id = ANY (${[...ids]}::uuid[])`
}

/** Closes lines without a decision by a person. */
export async function saveEnd(
  tx: Tx,
  ids: readonly string[],
  { state, reason, at }: { state: LineState; reason: string | null; at: Date },
): Promise<void> {
  if (ids.length === 0) return
  await tx.$executeRaw`
    UPDATE review_line SET state = ${state}::review_line_state, reason = ${reason}, decided_at = ${at} WHERE id = ANY (${[...ids]}::uuid[])`
}

/** Updates lines to the current state of their grants. */
export async function refreshLines(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.$executeRaw`
    UPDATE review_line l SET was_role = coalesce(l.was_role, l.role), role = g.role::text, ends_at = g.ends_at
    FROM space_grant g WHERE g.id = l.grant_id AND l.id = ANY (${[...ids]}::uuid[])`
}

/** @param byId null when a review's end removes them */
export async function endGrantsById(tx: Tx, ids: readonly string[], at: Date, byId: string | null): Promise<void> {
  if (ids.length === 0) return
  const by = byId === null ? Prisma.empty : Prisma.sql`, removed_by_id = ${byId}::uuid`
  await tx.$executeRaw`
    UPDATE space_grant SET removed_at = ${at}${by} WHERE id = ANY (${[...ids]}::uuid[]) AND removed_at IS NULL`
}

export async function lowerGrantsById(tx: Tx, ids: readonly string[], role: Role): Promise<void> {
  if (ids.length === 0) return
  await tx.$executeRaw`
    UPDATE space_grant SET role = ${role}::space_role WHERE id = ANY (${[...ids]}::uuid[]) AND removed_at IS NULL AND role > ${role}::space_role`
}

/**
 * @returns the standings of people in spaces at an instant, keyed by `{space} {person}`; pairs without a standing are
 *   absent
 */
export async function selectStandings(
  tx: Tx,
  pairs: readonly { spaceId: string; userId: string }[],
  at: Date,
): Promise<ReadonlyMap<string, Standing>> {
  const rows = await tx.$queryRaw<{ key: string; standing: Standing | null }[]>`
    SELECT p.space_id || ' ' || p.user_id AS key, CASE WHEN s.owner_id = p.user_id THEN 'owner' ELSE (
      SELECT max(g.role)::text FROM space_grant g
      WHERE g.space_id = p.space_id AND ${effective(at)} AND p.user_id <> ALL (g.withheld_from)
        AND (g.user_id = p.user_id OR (g."group", g.group_issuer) IN (
          SELECT m."group", m.group_issuer FROM ${groupMemberSql} m WHERE m.user_id = p.user_id))) END AS standing
    FROM unnest(${pairs.map(({ spaceId }) => spaceId)}::uuid[], ${pairs.map(({ userId }) => userId)}::uuid[]) AS p(space_id, user_id)
      JOIN space s ON s.id = p.space_id`
  return new Map(rows.flatMap(({ key, standing }) => (standing === null ? [] : [[key, standing] as const])))
}
