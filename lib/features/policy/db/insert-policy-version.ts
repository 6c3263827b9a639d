import type { Tx } from '#lib/kernel/db/client.ts'
import { storedRules } from '#lib/kernel/model/policy/parse-policy.ts'
import type { PolicyRules } from '#lib/kernel/model/policy/policy-rules.ts'

/** Adds a version. No decision based on the previous one is in progress (hold-policy.ts). */
export async function insertPolicyVersion(
  tx: Tx,
  version: { number: number; rules: PolicyRules; reason: string; authorId: string; createdAt: Date },
): Promise<void> {
  await tx.policyVersion.create({ data: { ...version, rules: storedRules(version.rules) } })
}
