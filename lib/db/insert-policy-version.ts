import { storedRules } from '#lib/domain/parse-policy.ts'
import type { PolicyRules } from '#lib/domain/policy-rules.ts'
import type { Tx } from './client.ts'

/** Adds a version; nobody decides by the one before it in this moment (hold-policy.ts). */
export async function insertPolicyVersion(
  tx: Tx,
  version: { number: number; rules: PolicyRules; reason: string; authorId: string; createdAt: Date },
): Promise<void> {
  await tx.policyVersion.create({ data: { ...version, rules: storedRules(version.rules) } })
}
