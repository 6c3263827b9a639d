import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { selectAdminIds } from '#lib/kernel/db/people/admins.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { tellPeople } from '#lib/kernel/use-case/notify-people.ts'

/**
 * Announces to the platform admins, once, that a provisioning token that is used expires soon. Its use begins this: the worker
 * has no right to read tokens, and one that nobody uses is missed by nobody.
 */
export const announceExpiry = (
  ctx: SystemContext,
  { id, name, expiresAt }: { id: string; name: string; expiresAt: Date },
): Promise<void> =>
  inTransaction(ctx.db, async (tx) => {
    const event = { kind: 'token-expiring' as const, name, expiresAt: expiresAt.toISOString() }
    await tellPeople(ctx, tx, event, {
      to: await selectAdminIds(tx, ctx.issuers),
      dedupeKey: `token-expiring:${id}`,
    })
  })
