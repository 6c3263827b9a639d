import 'server-only'
import type { LiveSession } from '#lib/auth/read-session.ts'
import { type CallerContext, sealContext } from '#lib/broker/use-case/seal-context.ts'
import { bareIssuer } from '#lib/domain/bare-issuer.ts'
import { policyFor } from '#lib/domain/parse-policy.ts'
import { services } from '#lib/web/process/services.ts'
import { requestOrigin } from './request-origin.ts'

/** @returns the context of use cases for a person who is signed in */
export async function contextFor(session: LiveSession, received: Headers): Promise<CallerContext> {
  const { actor, issuer, privilegedGroups, policy: stored } = session
  const held = await services()
  const policy = policyFor(held.policy, stored, { issuer: bareIssuer(issuer), groups: privilegedGroups })
  return sealContext({ ...held, policy }, actor, requestOrigin(received))
}
