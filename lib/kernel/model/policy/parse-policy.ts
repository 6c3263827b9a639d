import type { Policy } from './policy.ts'
import { type Judged, laterRules, type PolicyRules, policyRules, rulesFor } from './policy-rules.ts'

/** The newest version as a statement brings it along: rules as JSON text. */
export type StoredPolicy = { number: number; rules: string }

/** Every page brings the same text along, so it is parsed once. */
const last: { text: string; rules: PolicyRules | null } = { text: '', rules: null }

/** @returns stored rules, typed; @throws ZodError when they were tampered with or a later release wrote them */
export function parsePolicyRules(text: string): PolicyRules {
  if (last.rules !== null && last.text === text) return last.rules
  const rules = policyRules.parse({ ...laterRules, ...JSON.parse(text) })
  Object.assign(last, { text, rules })
  return rules
}

/**
 * @returns rules as they are stored: without those of later releases that change nothing, so that processes of the
 *   release before can read a version that uses none of them
 */
export function storedRules(rules: PolicyRules): Partial<PolicyRules> {
  const unused: Partial<Record<string, unknown>> = laterRules
  return Object.fromEntries(
    Object.entries(rules).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(unused[name])),
  )
}

/**
 * @param before a policy with what the operator decides, and with the rules that hold until a version is saved
 * @param stored the newest version; null: none was saved
 * @returns the policy as it applies to a person
 */
export const policyFor = (before: Policy, stored: StoredPolicy | null, person: Judged): Policy =>
  stored === null ? before : { ...before, ...rulesFor(parsePolicyRules(stored.rules), person) }
