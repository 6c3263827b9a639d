import type { Tx } from '#lib/kernel/db/client.ts'

/**
 * @returns whether an account holds nothing except what provisioning gave it: no space, role, offer, request,
 *   credential or part in a provisioning token. A suspended role from a group counts as held
 */
export async function holdsNothing(tx: Tx, userId: string): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ nothing: boolean }[]>`
    SELECT NOT (EXISTS (SELECT FROM space WHERE owner_id = ${userId}::uuid AND status <> 'deleted')
      OR EXISTS (SELECT FROM space_grant WHERE user_id = ${userId}::uuid AND removed_at IS NULL)
      OR EXISTS (SELECT FROM space_grant WHERE ${userId}::uuid = ANY (withheld_from) AND removed_at IS NULL)
      OR EXISTS (SELECT FROM space_offer WHERE (from_id = ${userId}::uuid OR to_id = ${userId}::uuid) AND state = 'open')
      OR EXISTS (SELECT FROM request WHERE requester_id = ${userId}::uuid AND state = 'open')
      OR EXISTS (SELECT FROM credential WHERE user_id = ${userId}::uuid AND revoked_at IS NULL AND ends_at > now())
      OR EXISTS (SELECT FROM scim_token_maker WHERE user_id = ${userId}::uuid)) AS nothing`
  return row?.nothing ?? false
}

export async function isProvisioned(tx: Tx, userId: string): Promise<boolean> {
  return (await tx.scimUser.count({ where: { userId } })) > 0
}

/**
 * @returns whether the person ever handled a provisioning token: they could have used it to provision themselves under
 *   another person's userName, which other tokens look up
 */
export async function hasMadeToken(tx: Tx, userId: string): Promise<boolean> {
  return (await tx.scimTokenMaker.count({ where: { userId } })) > 0
}

/**
 * Joins two accounts of one person: `keep` replaces `retire`, provisioning manages it from now on, pushed groups
 * included, and no one can sign in to `retire` again. Both rows are locked; the caller queues the affected spaces.
 */
export async function joinAccounts(
  tx: Tx,
  { keep, retire }: { keep: { id: string; handle: string }; retire: { id: string } },
  at: Date,
): Promise<void> {
  // The foreign key carries the memberships of pushed groups along.
  await tx.$executeRaw`UPDATE scim_user SET user_id = ${keep.id}::uuid WHERE user_id = ${retire.id}::uuid`
  await tx.$executeRaw`
    UPDATE user_account SET subject = 'joined:' || id, subject_claim = 'sub', oidc_sub = NULL,
      deactivated_at = coalesce(deactivated_at, ${at}), deactivation_reason = coalesce(deactivation_reason, ${`Joined with ${keep.handle}`})
    WHERE id = ${retire.id}::uuid`
}
