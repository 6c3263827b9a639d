import type { ProvisioningContext } from '#lib/broker/use-case/context.ts'
import { nameOf, tellPeople } from '#lib/broker/use-case/tell-people.ts'
import type { Tx } from '#lib/db/client.ts'
import { selectActiveAdmins } from '#lib/db/role-holders.ts'

const maxNamed = 5

/**
 * Provisioning may take the role from every platform admin: who leaves has to be out, whoever they are. Those who remain
 * are told, and the log says it if nobody does.
 * @returns how many remain
 */
export async function tellAdminsLost(
  ctx: ProvisioningContext,
  tx: Tx,
  lost: readonly { name: string; handle: string }[],
): Promise<number> {
  const remaining = await selectActiveAdmins(tx, ctx.issuers)
  const handles = lost.map(({ handle }) => handle)
  const said = { lost: handles, left: remaining.length, requestId: ctx.origin.requestId }
  ctx.log[remaining.length === 0 ? 'error' : 'warn'](said, 'provisioning took the role of platform admin from somebody')
  const people = lost.slice(0, maxNamed).map(nameOf)
  const event = { kind: 'admins-lost' as const, people, count: lost.length, left: remaining.length }
  await tellPeople(ctx, tx, event, { to: remaining })
  return remaining.length
}
