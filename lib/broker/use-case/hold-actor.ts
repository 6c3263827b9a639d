import type { Tx } from '#lib/db/client.ts'
import { holdPeople } from '#lib/db/hold-people.ts'
import { AppError } from '#lib/domain/errors.ts'
import { platformRoleAt } from '#lib/domain/role.ts'
import type { BrokerContext } from './context.ts'

/**
 * Looks again at who asks, inside of the transaction that uses their rights: what they lost since the request came counts.
 * People's rows are held before spaces' rows, in every use case, or two could wait for each other.
 * @param others whose rows are to be held as well
 * @returns the context with the platform role that they have now
 * @throws AppError deactivated
 */
export async function holdActor(ctx: BrokerContext, tx: Tx, others: readonly string[] = []): Promise<BrokerContext> {
  const people = await holdPeople(tx, [...new Set([ctx.actor.userId, ...others])])
  const actor = people.find(({ userId }) => userId === ctx.actor.userId)
  if (!actor || actor.deactivated) throw new AppError('deactivated')
  return { ...ctx, actor: { ...ctx.actor, platformRole: platformRoleAt(actor, ctx.issuer) } }
}
