import { changePolicy } from '#lib/broker/policy/change-policy.ts'
import { readPolicy } from '#lib/broker/policy/read-policy.ts'
import { policyFor } from '#lib/domain/parse-policy.ts'
import type { Actor } from '#lib/domain/person.ts'
import type { PolicyRules } from '#lib/domain/policy-rules.ts'
import type { Size } from '#lib/domain/size.ts'
import { type BrokerFixture, issuerOfTests, type TestContext } from './broker-fixture.ts'
import { uniqueName } from './unique-name.ts'

/** A space to create: small, without an end. */
export const wish = (more: { endsAt?: Date | null; size?: Size } = {}) => ({
  name: uniqueName('ruled'),
  description: '',
  size: 'S' as const,
  endsAt: null,
  ...more,
})

/** What tests of the policy do with a fixture. */
export const policyScene = (fixture: BrokerFixture, admin: Actor) => ({
  /** Saves the newest rules with a change. @returns the new version's number */
  async save(changed: Partial<PolicyRules>): Promise<{ number: number }> {
    const { number, rules } = await readPolicy(fixture.as(admin), {})
    // A provider that was configured when the policy was saved, and isn’t any more.
    const then = fixture.as(admin, { issuers: [...fixture.services.issuers, 'https://former.test'] })
    return changePolicy(then, { base: number, rules: { ...rules, ...changed }, reason: 'a test' })
  },
  /** A person as their next page or action sees them: with the newest rules. Otherwise only transactions know these. */
  async arriving(actor: Actor): Promise<TestContext> {
    const { rows } = await fixture.owner.query<{ number: number; rules: string }>(
      'SELECT number, rules::text AS rules FROM policy_version ORDER BY number DESC LIMIT 1',
    )
    const person = { issuer: issuerOfTests, groups: actor.groups }
    return fixture.as(actor, { policy: policyFor(fixture.services.policy, rows[0] ?? null, person) })
  },
  /** Saves the rules of the configuration again. */
  async reset(): Promise<void> {
    const { number, rules } = await readPolicy(fixture.as(admin), {})
    const { configuredRules } = fixture.services
    if (JSON.stringify(rules) === JSON.stringify(configuredRules)) return
    await changePolicy(fixture.as(admin), { base: number, rules: configuredRules, reason: 'as it was' })
  },
})
