import type { Tx } from '#lib/kernel/db/client.ts'
import { markCredentialsRevoked } from '#lib/kernel/db/credentials/mark-credentials-revoked.ts'
import { insertInboxEvents } from '#lib/kernel/db/inbox/insert-inbox-events.ts'
import type { SignInRefusal } from '#lib/kernel/model/people/sign-in-limit.ts'
import { replaceGroups } from './group-members.ts'

export type RefusedPerson = { refusal: SignInRefusal; sessions: number; credentials: string[] }

/**
 * Ends the sessions and credentials of a person excluded by the operator's sign-in limits, and forgets their groups and
 * platform role until they are admitted again. Keeps their spaces and grants, and session rows for the sign-out at the
 * provider. Their row must be locked.
 */
export async function endRefusedPerson(
  tx: Tx,
  { id, issuer }: { id: string; issuer: string },
  refusal: SignInRefusal,
  at: Date,
): Promise<RefusedPerson> {
  const { handle } = await tx.user.update({
    where: { id },
    data: { platformRole: 'member', namedRole: 'member' },
    select: { handle: true },
  })
  await replaceGroups(tx, id, issuer, [], false)
  const sessions = await tx.$executeRaw`
    UPDATE session SET expires_at = created_at, provider_tokens = NULL WHERE user_id = ${id}::uuid AND expires_at > ${at}`
  const limit = Number.MAX_SAFE_INTEGER
  const revoked = await markCredentialsRevoked(tx, { query: { person: handle } }, { at, byId: null, limit })
  if (sessions > 0 || revoked.length > 0) {
    const event = { kind: 'sessions-ended' as const, by: null, credentials: revoked.length, limited: true }
    await insertInboxEvents(tx, [{ to: id, event, spaceId: null }], at)
  }
  return { refusal, sessions, credentials: revoked.map((one) => one.id) }
}
