import type { Tx } from '#lib/kernel/db/client.ts'
import { selectAdminIds } from '#lib/kernel/db/people/admins.ts'
import { selectTokensOf } from '#lib/kernel/db/scim/take-over-scim-token.ts'
import type { ActingContext } from './context.ts'
import { nameOf, notifyPeople } from './notify-people.ts'

/**
 * Notifies platform admins which provisioning tokens stop because this transaction deactivated the person responsible,
 * or took their role.
 * @returns the tokens' names
 */
export async function notifyTokensStopped(
  ctx: ActingContext,
  tx: Tx,
  person: { id: string; name: string; handle: string },
): Promise<string[]> {
  const tokens = await selectTokensOf(tx, person.id, ctx.clock())
  if (tokens.length === 0) return []
  const names = tokens.map(({ name }) => name)
  const event = { kind: 'token-stopped' as const, names, person: nameOf(person) }
  await notifyPeople(ctx, tx, event, { to: await selectAdminIds(tx, ctx.issuers) })
  return names
}
