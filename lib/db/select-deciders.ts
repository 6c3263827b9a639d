import type { RequestPayload } from '#lib/domain/access-request.ts'
import type { Tx } from './client.ts'
import { living } from './effective-sql.ts'

const most = 100

/**
 * The people who are told that a request waits: for a role the space's owner; for all else, and where the owner's
 * account is deactivated, the platform admins, at most 100. Nobody if the space is deleted or being deleted, as nobody
 * decides then (waiting-sql.ts). Never the requester.
 * @param request.spaceId the space that it is about, if any
 * @param issuer the only provider whose admins are ours, without trailing slashes
 */
export async function selectDeciders(
  tx: Tx,
  request: { kind: RequestPayload['kind']; requesterId: string; spaceId: string | null },
  issuer: string,
): Promise<string[]> {
  const { kind, requesterId, spaceId } = request
  const rows = await tx.$queryRaw<{ id: string }[]>`
    WITH about AS (SELECT s.owner_id FROM space s WHERE s.id = ${spaceId}::uuid AND ${living}),
    owner AS (
      SELECT u.id FROM about JOIN user_account u ON u.id = about.owner_id
      WHERE ${kind} = 'role' AND u.id <> ${requesterId}::uuid AND u.deactivated_at IS NULL),
    admins AS (
      SELECT u.id FROM user_account u
      WHERE u.platform_role = 'admin' AND rtrim(u.issuer, '/') = ${issuer} AND u.deactivated_at IS NULL
        AND u.id <> ${requesterId}::uuid AND (${kind} = 'space' OR EXISTS (SELECT FROM about))
        AND NOT EXISTS (SELECT FROM owner) LIMIT ${most})
    SELECT id FROM owner UNION ALL SELECT id FROM admins`
  return rows.map(({ id }) => id)
}
