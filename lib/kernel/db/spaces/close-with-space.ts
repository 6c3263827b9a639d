import type { Tx } from '#lib/kernel/db/client.ts'

export type ClosedWithSpace = {
  offers: { id: string; to: string }[]
  requests: { id: string; requester: string; requesterId: string; payload: unknown }[]
  /** Those that hadn't expired. */
  credentials: string[]
}

/**
 * Closes what ends with a deleted space: open offers, open requests except for roles, and credentials.
 * @param why the reason that requesters see
 * @returns the closed rows, with people as handles
 */
export async function closeWithSpace(tx: Tx, spaceId: string, at: Date, why: string): Promise<ClosedWithSpace> {
  const offers = await tx.$queryRaw<ClosedWithSpace['offers']>`
    UPDATE space_offer o SET state = 'withdrawn', closed_at = ${at} FROM user_account u
    WHERE o.space_id = ${spaceId}::uuid AND o.state = 'open' AND u.id = o.to_id RETURNING o.id, u.handle AS "to"`
  // The worker records due requests as expired.
  const requests = await tx.$queryRaw<ClosedWithSpace['requests']>`
    UPDATE request r SET state = 'expired', decided_at = ${at}, decision_reason = ${why} FROM user_account u
    WHERE r.space_id = ${spaceId}::uuid AND r.state = 'open' AND r.kind <> 'role' AND r.expires_at > ${at} AND u.id = r.requester_id
    RETURNING r.id, u.handle AS requester, u.id AS "requesterId", r.payload`
  const credentials = await tx.$queryRaw<{ id: string; good: boolean }[]>`
    UPDATE credential SET revoked_at = ${at} WHERE space_id = ${spaceId}::uuid AND revoked_at IS NULL
    RETURNING id, ends_at > ${at} AS good`
  return {
    offers,
    requests,
    credentials: credentials
      .filter(({ good }) => good)
      .map(({ id }) => id)
      .sort(),
  }
}
