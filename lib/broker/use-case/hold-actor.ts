import type { Tx } from '#lib/db/client.ts'
import { holdPeople } from '#lib/db/hold-people.ts'
import { AppError } from '#lib/domain/errors.ts'
import { platformRoleAt } from '#lib/domain/role.ts'
import type { BrokerContext } from './context.ts'

/**
 * Reads the person again, inside the transaction that uses their rights: what they have lost since the request arrived
 * counts. Every use case holds people's rows before spaces' rows; otherwise two could deadlock.
 * @param others people whose rows are held as well
 * @returns the context with their current platform role
 * @throws AppError deactivated
 */
export async function holdActor(ctx: BrokerContext, tx: Tx, others: readonly string[] = []): Promise<BrokerContext> {
  const people = await holdPeople(tx, [...new Set([ctx.actor.userId, ...others])])
  const actor = people.find(({ userId }) => userId === ctx.actor.userId)
  if (!actor || actor.deactivated) throw new AppError('deactivated')
  return { ...ctx, actor: { ...ctx.actor, platformRole: platformRoleAt(actor, ctx.issuer) } }
}
