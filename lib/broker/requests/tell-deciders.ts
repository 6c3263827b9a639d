import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { tellPeople } from '#lib/broker/use-case/tell-people.ts'
import type { Tx } from '#lib/db/client.ts'
import { decidingBy } from '#lib/db/decides-sql.ts'
import { selectDeciders } from '#lib/db/select-deciders.ts'
import type { EventOf } from '#lib/domain/event.ts'

type About = {
  requestId: string
  /** The space that it is about, if any. */
  spaceId: string | null
  /** How many approvals it still needs. */
  missing: number
}

/** Tells those who can still approve a request. @param ctx with the policy of the transaction */
export async function tellDeciders(
  ctx: BrokerContext,
  tx: Tx,
  event: EventOf<'request-waiting' | 'request-withdrawn' | 'request-approved-once'>,
  { requestId, spaceId, missing }: About,
): Promise<void> {
  const to = await selectDeciders(
    tx,
    requestId,
    decidingBy(ctx.policy, { issuers: ctx.issuers, listed: ctx.policy.pushedPrivilegedGroups }),
    missing,
  )
  await tellPeople(ctx, tx, event, { to, spaceId })
}
