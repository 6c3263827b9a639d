import type { Tx } from '#lib/kernel/db/client.ts'
import { storedRules } from '#lib/kernel/model/policy/parse-policy.ts'
import type { PolicyRules } from '#lib/kernel/model/policy/policy-rules.ts'

/** Adds a version; nobody decides by the one before it in this moment (hold-policy.ts). */
export async function insertPolicyVersion(
  tx: Tx,
  version: { number: number; rules: PolicyRules; reason: string; authorId: string; createdAt: Date },
): Promise<void> {
  await tx.policyVersion.create({ data: { ...version, rules: storedRules(version.rules) } })
}
