import type { AuditRow } from '#lib/features/audit/model/audit-view.ts'
import { clusterRefusalIn } from '#lib/features/audit/model/cluster-refusal.ts'
import type { TrailReason } from '#lib/kernel/model/audit/audit-reason.ts'
import { type ErrorCode, errorCodes, sentenceOf } from '#lib/kernel/model/errors.ts'
import { isSignInError, signInSentence } from '#lib/kernel/model/people/sign-in-error.ts'
import { textIn } from './event-words.ts'
import { refusalInWords } from './refusal-words.ts'

const sentences: Readonly<Record<TrailReason, string>> = {
  bug: 'Something went wrong in Spaceport. See the log of the process that observed it.',
  settled_later:
    'The process stopped before it could record the outcome. The worker later found that the change had been made.',
  answer_incomplete: 'The response was cut off.',
  logout_token_missing: 'The request had no logout token.',
  logout_token_invalid: 'The logout token isn’t valid: it is too old, or wasn’t issued for Spaceport.',
  logout_token_used: 'The logout token had already been used.',
}

/** The meaning of a cluster’s status, if no more is known. */
const statuses: Readonly<Record<string, string>> = {
  403: 'The cluster refused it.',
  404: 'The cluster has no such object.',
  409: 'It already exists, or was changed in the meantime.',
  422: 'The object isn’t valid.',
}

const isErrorCode = (text: string): text is ErrorCode => (errorCodes as readonly string[]).includes(text)
const isTrailReason = (text: string): text is TrailReason => Object.hasOwn(sentences, text)

/** @returns a reason of the trail in words; null if it has none, e.g. one that an older release wrote */
export function reasonInWords(reason: string): string | null {
  if (isErrorCode(reason)) return sentenceOf(reason)
  if (isTrailReason(reason)) return sentences[reason]
  if (isSignInError(reason)) return signInSentence(reason)
  const [, status] = /^cluster_([1-5]\d\d)$/.exec(reason) ?? []
  return status === undefined ? null : (statuses[status] ?? `The cluster answered with status ${status}.`)
}

/** @returns why an action failed, in words if there are any; null if it didn't fail */
export function failureInWords({
  outcome,
  reason,
  detail,
}: Pick<AuditRow, 'outcome' | 'reason' | 'detail'>): string | null {
  if (outcome === 'ok' || reason === null) return null
  const refusal = clusterRefusalIn(detail)
  if (refusal) return refusalInWords(refusal)
  return reasonInWords(reason) ?? textIn(detail, 'message') ?? reason
}
