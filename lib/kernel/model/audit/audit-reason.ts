import type { ErrorCode } from '#lib/kernel/model/errors.ts'
import type { SignInError } from '#lib/kernel/model/people/sign-in-error.ts'
import type { RefusalKey } from './refusal-key.ts'

export const trailReasons = [
  'bug',
  'settled_later',
  'answer_incomplete',
  'logout_token_missing',
  'logout_token_invalid',
  'logout_token_used',
] as const
export type TrailReason = (typeof trailReasons)[number]

/** The reason for the outcome of an action. `cluster_404`: the cluster answered with that status. */
export type AuditReason = ErrorCode | RefusalKey | SignInError | TrailReason | `cluster_${number}`
