import { minutesInWords } from '#lib/kernel/model/access/role-term.ts'
import type { RequestDetail } from '#lib/kernel/model/requests/request-view.ts'

type Approved = Pick<RequestDetail, 'approvals'>

const counted = ({ approvals }: Approved) => approvals.given.filter(({ counts }) => counts)

/** @returns how many approvals an open request still needs, the viewer's own included if it isn't given yet */
const missingApprovals = (request: Approved): number => Math.max(request.approvals.needed - counted(request).length, 0)

/** @returns whether the viewer has approved an open request, which waits for somebody else */
export const waitsForOthers = (request: Approved): boolean =>
  missingApprovals(request) > 0 && counted(request).some(({ isViewer }) => isViewer)

/** @returns how far an open request is: "1 of 2 approvals" */
export const approvalCount = (request: Approved): string =>
  `${counted(request).length} of ${request.approvals.needed} ${request.approvals.needed === 1 ? 'approval' : 'approvals'}`

const more = (count: number): string => `${count} more ${count === 1 ? 'approval' : 'approvals'}`

/** @returns what a decision does, to somebody who can decide */
export function decisionSentence(request: Approved): string {
  const missing = missingApprovals(request)
  if (waitsForOthers(request)) return `You approved it. It needs ${more(missing)} from others. You can still deny it.`
  if (missing <= 1) return 'An approval takes effect immediately.'
  return `It has ${approvalCount(request)}: yours changes nothing yet. One denial ends it.`
}

/** @returns what to do if too few people can decide; null: there are enough */
export function unstaffedSentence({ approvals: { needed, unstaffed } }: Approved): string | null {
  if (unstaffed <= 0) return null
  const able = needed - unstaffed
  const who = able === 0 ? 'Nobody' : able === 1 ? 'Only one person' : `Only ${able} people`
  return `${who} can approve this, and it needs ${needed}: ${unstaffed} more ${unstaffed === 1 ? 'person is' : 'people are'} missing. A platform admin can change the policy.`
}

/** @returns for how long an approver allows a role, if it isn't as long as requested: "for 1 hour" */
export const allowedTime = (minutes: number | null): string =>
  minutes === null ? '' : ` for ${minutesInWords(minutes)}`
