import type { PolicyGroup } from '#lib/kernel/model/policy/policy-group.ts'
import type { PolicyRules } from '#lib/kernel/model/policy/policy-rules.ts'
import type { PolicyDifference } from './policy-difference.ts'

/** A saved version in the history. */
export type PolicyVersionRow = {
  number: number
  author: { handle: string; name: string }
  at: Date
  reason: string
  /** The rules that it changed. */
  differences: PolicyDifference[]
}

export type PolicyDetail = {
  /** The newest version; 0 if none was saved. */
  number: number
  rules: PolicyRules
  /** The configured provider, which is omitted from its groups' names. */
  issuer: string
  /** The rules of the requested version; null if none was requested or it doesn't exist. */
  older: { number: number; rules: PolicyRules } | null
  /** Groups that should decide on requests but have no active member, so platform admins decide instead. */
  unstaffed: PolicyGroup[]
  /** Groups in the rules that are pushed but not listed. Their pushed members don't count here. */
  pushedUnlisted: PolicyGroup[]
  versions: PolicyVersionRow[]
  /** Where the next page of the history starts; null on the last page. */
  next: number | null
}
