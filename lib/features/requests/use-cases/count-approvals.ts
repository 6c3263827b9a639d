import type { Tx } from '#lib/kernel/db/client.ts'
import { holdFreePeople } from '#lib/kernel/db/people/hold-people.ts'
import type { FoundRequest } from '#lib/kernel/db/requests/find-request.ts'
import { shorterOf } from '#lib/kernel/model/access/role-term.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { ruleOf } from '#lib/kernel/model/policy/approval-rules.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { findFor } from './may-decide.ts'

/** How a request stands with one more approval. */
export type Count = {
  /** Which approval this is. */
  number: number
  /** How many the policy demands now. */
  needed: number
  /** The shortest time that any of them allows, in minutes; null: as requested. */
  minutes: number | null
}

/** Those whose approvals are counted: their rows have to be held. */
export const approversOf = ({ approvals }: FoundRequest): string[] => approvals.map(({ approverId }) => approverId)

/**
 * Counts the approvals of a request, the person's own included, by the policy of the transaction. They count as long as
 * those who gave them may decide: the rows of these people are held. The requester's row is held too, so nobody else
 * approves at the same time.
 * @param held those whose rows are held already
 * @throws AppError request_changed while somebody who has just approved changes something else; already_approved
 */
export async function countApprovals(
  tx: Tx,
  now: BrokerContext,
  found: FoundRequest,
  held: readonly string[],
  own: number | null,
): Promise<Count> {
  const late = approversOf(found).filter((userId) => !held.includes(userId))
  const request = late.length === 0 ? found : await findAgain(tx, now, found, late)
  const counted = request.approvals.filter(({ counts }) => counts)
  const { approvals: needed } = ruleOf(now.policy, request.kind)
  const number = counted.filter(({ isViewer }) => !isViewer).length + 1
  const isSecond = request.approvals.some(({ isViewer }) => isViewer)
  if (isSecond && number < needed) throw new AppError('already_approved')
  return { number, needed, minutes: counted.map(({ minutes }) => minutes).reduce(shorterOf, own) }
}

/** Holds the rows of people who approved a moment ago. To wait for them could deadlock. */
async function findAgain(
  tx: Tx,
  now: BrokerContext,
  found: FoundRequest,
  late: readonly string[],
): Promise<FoundRequest> {
  const free = await holdFreePeople(tx, late)
  const again = free.length === late.length ? await findFor(tx, now, found.id) : null
  if (!again) throw new AppError('request_changed', { sentence: 'Somebody else is deciding right now. Try again.' })
  return again
}
