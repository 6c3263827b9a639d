import type { Tx } from '#lib/kernel/db/client.ts'
import { selectActiveAdmins } from '#lib/kernel/db/people/role-holders.ts'
import type { GroupChange } from '#lib/kernel/use-case/context.ts'
import { nameOf, notifyPeople } from '#lib/kernel/use-case/notify-people.ts'

const maxNamed = 5

/**
 * Provisioning can remove platform admins only while another one remains (keep-an-admin.ts). Notifies those who remain,
 * and logs the loss.
 * @returns how many remain
 */
export async function notifyAdminsLost(
  ctx: GroupChange,
  tx: Tx,
  lost: readonly { id: string; name: string; handle: string }[],
): Promise<number> {
  for (const { id, ...person } of lost) ctx.lostAdmins?.set(id, nameOf(person))
  const remaining = await selectActiveAdmins(tx, ctx.issuers)
  const handles = lost.map(({ handle }) => handle)
  const fields = { lost: handles, left: remaining.length, requestId: ctx.origin.requestId }
  ctx.log[remaining.length === 0 ? 'error' : 'warn'](
    fields,
    'provisioning removed the platform admin role from a person',
  )
  const people = lost.slice(0, maxNamed).map(nameOf)
  const event = { kind: 'admins-lost' as const, people, count: lost.length, left: remaining.length }
  await notifyPeople(ctx, tx, event, { to: remaining })
  return remaining.length
}
