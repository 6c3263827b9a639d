import type { PolicyGroup } from '#lib/kernel/model/policy/policy-group.ts'
import type { PolicyRules } from '#lib/kernel/model/policy/policy-rules.ts'
import type { PolicyDifference } from './policy-difference.ts'

/** A saved version in the history. */
export type PolicyVersionRow = {
  number: number
  author: { handle: string; name: string }
  at: Date
  reason: string
  /** What it changed. */
  differences: PolicyDifference[]
}

export type PolicyDetail = {
  /** The newest version; 0: none was saved. */
  number: number
  rules: PolicyRules
  /** The configured provider: its groups need no mention of it. */
  issuer: string
  /** The rules of the version that was asked for; null: none, or there is no such version. */
  older: { number: number; rules: PolicyRules } | null
  /** Groups that are to decide on requests, but in which nobody is active: platform admins decide instead. */
  unstaffed: PolicyGroup[]
  /** Groups that the rules name and that are pushed without being listed: the pushed members don't count here. */
  pushedUnlisted: PolicyGroup[]
  versions: PolicyVersionRow[]
  /** The number before which the history goes on; null: it doesn't. */
  next: number | null
}
