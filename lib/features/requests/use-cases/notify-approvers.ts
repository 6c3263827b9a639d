import { selectDeciders } from '#lib/features/requests/db/select-deciders.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { decidingBy } from '#lib/kernel/db/people/decides-sql.ts'
import type { EventOf } from '#lib/kernel/model/inbox/event.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { notifyPeople } from '#lib/kernel/use-case/notify-people.ts'

type About = {
  requestId: string
  spaceId: string | null
  /** How many approvals it still needs. */
  missing: number
}

/**
 * Notifies the people who can still approve a request.
 * @param ctx with the policy of the transaction
 */
export async function notifyApprovers(
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
  await notifyPeople(ctx, tx, event, { to, spaceId, isTask: event.kind !== 'request-withdrawn' })
}
