import type { Tx } from '#lib/kernel/db/client.ts'
import { holdFreePeople } from '#lib/kernel/db/people/hold-people.ts'
import type { FoundRequest } from '#lib/kernel/db/requests/find-request.ts'
import { shorterOf } from '#lib/kernel/model/access/role-term.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { ruleOf } from '#lib/kernel/model/policy/approval-rules.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { findFor } from './may-decide.ts'

/** The approvals of a request, including one more. */
export type Count = {
  /** The number of this approval, from 1. */
  number: number
  /** How many the policy requires now. */
  needed: number
  /** The shortest duration that any of them allows, in minutes; null: as requested. */
  minutes: number | null
}

/** The approvers. Lock their rows before counting. */
export const approversOf = ({ approvals }: FoundRequest): string[] => approvals.map(({ approverId }) => approverId)

/**
 * Counts the approvals of a request, including the actor's, under the transaction's policy. An approval counts while
 * its approver may still decide, so the approvers' rows are locked. The requester's row is locked too, to serialize
 * approvals of one request.
 * @param held people whose rows are already locked
 * @throws AppError request_changed while a recent approver's row is locked by another transaction; already_approved
 */
export async function countApprovals(
  tx: Tx,
  now: BrokerContext,
  found: FoundRequest,
  held: readonly string[],
  own: number | null,
): Promise<Count> {
  const late = approversOf(found).filter((userId) => !held.includes(userId))
  const request = late.length === 0 ? found : await lockLateApprovers(tx, now, found, late)
  const counted = request.approvals.filter(({ counts }) => counts)
  const { approvals: needed } = ruleOf(now.policy, request.kind)
  const number = counted.filter(({ isViewer }) => !isViewer).length + 1
  const isSecond = request.approvals.some(({ isViewer }) => isViewer)
  if (isSecond && number < needed) throw new AppError('already_approved')
  return { number, needed, minutes: counted.map(({ minutes }) => minutes).reduce(shorterOf, own) }
}

/** Locks the rows of people who approved a moment ago. Doesn't wait for locks: that could deadlock. */
async function lockLateApprovers(
  tx: Tx,
  now: BrokerContext,
  found: FoundRequest,
  late: readonly string[],
): Promise<FoundRequest> {
  const free = await holdFreePeople(tx, late)
  const again = free.length === late.length ? await findFor(tx, now, found.id) : null
  if (!again) throw new AppError('request_changed', { sentence: 'Someone else is deciding right now. Try again.' })
  return again
}
