import type { Policy } from './policy.ts'
import { laterRules, type PolicyRules, type PolicySubject, policyRules, rulesFor } from './policy-rules.ts'

/** The newest version as a query returns it: rules as JSON text. */
export type StoredPolicy = { number: number; rules: string }

/** Every page reads the same text, so it is parsed once. */
const last: { text: string; rules: PolicyRules | null } = { text: '', rules: null }

/** @returns stored rules, typed; @throws ZodError when they were tampered with, or written by a later release */
export function parsePolicyRules(text: string): PolicyRules {
  if (last.rules !== null && last.text === text) return last.rules
  const rules = policyRules.parse({ ...laterRules, ...JSON.parse(text) })
  Object.assign(last, { text, rules })
  return rules
}

/**
 * @returns rules for storage, without newer ones that change nothing, so that processes of the previous release can
 * read them
 */
export function storedRules(rules: PolicyRules): Partial<PolicyRules> {
  const unused: Partial<Record<string, unknown>> = laterRules
  return Object.fromEntries(
    Object.entries(rules).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(unused[name])),
  )
}

/**
 * @param before the operator's settings and the rules until a version is saved
 * @param stored the newest version; null: none was saved
 * @returns the policy as it applies to a person
 */
export const policyFor = (before: Policy, stored: StoredPolicy | null, person: PolicySubject): Policy =>
  stored === null ? before : { ...before, ...rulesFor(parsePolicyRules(stored.rules), person) }
