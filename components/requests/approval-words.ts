import { minutesInWords } from '#lib/kernel/model/access/role-term.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import type { RequestDetail } from '#lib/kernel/model/requests/request-view.ts'

type Approved = Pick<RequestDetail, 'approvals'>

const counted = ({ approvals }: Approved) => approvals.given.filter(({ counts }) => counts)

/** @returns how many approvals an open request still needs, including the viewer's own if not given yet */
const missingApprovals = (request: Approved): number => Math.max(request.approvals.needed - counted(request).length, 0)

/** @returns whether the viewer has approved an open request that needs others */
export const waitsForOthers = (request: Approved): boolean =>
  missingApprovals(request) > 0 && counted(request).some(({ isViewer }) => isViewer)

/** @returns the approvals of an open request: "1 of 2 approvals" */
export const approvalCount = (request: Approved): string =>
  `${counted(request).length} of ${request.approvals.needed} ${request.approvals.needed === 1 ? 'approval' : 'approvals'}`

const more = (count: number): string => `${count} more ${count === 1 ? 'approval' : 'approvals'}`

/** @returns the effect of a decision, for people who can decide */
export function decisionSentence(request: Approved): string {
  const missing = missingApprovals(request)
  if (waitsForOthers(request)) return `You approved it and can still deny it; it needs ${more(missing)}.`
  if (missing <= 1) return 'An approval takes effect immediately.'
  return `It has ${approvalCount(request)}, so yours doesn’t take effect yet; one denial closes it.`
}

/** @returns what to do if too few people can decide, or null */
export function unstaffedSentence({ approvals: { needed, unstaffed } }: Approved): string | null {
  if (unstaffed <= 0) return null
  const able = needed - unstaffed
  const who = able === 0 ? 'No one' : able === 1 ? 'Only one person' : `Only ${able} people`
  return `${who} can approve this, but it needs ${inNumber(needed, 'approval')}. A platform admin can change the policy.`
}

/** @returns the duration an approver allows, if shorter than requested: "for 1 hour" */
export const allowedTime = (minutes: number | null): string =>
  minutes === null ? '' : ` for ${minutesInWords(minutes)}`
