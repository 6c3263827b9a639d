import 'server-only'
import type { LiveSession } from '#lib/auth/session/read-session.ts'
import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'
import { policyFor } from '#lib/kernel/model/policy/parse-policy.ts'
import { type CallerContext, wrapContext } from '#lib/kernel/use-case/wrap-context.ts'
import { services } from '#lib/web/process/services.ts'
import { requestOrigin } from './request-origin.ts'

export async function contextFor(session: LiveSession, received: Headers): Promise<CallerContext> {
  const { actor, issuer, privilegedGroups, policy: stored } = session
  const webServices = await services()
  const policy = policyFor(webServices.policy, stored, { issuer: bareIssuer(issuer), groups: privilegedGroups })
  return wrapContext({ ...webServices, policy }, actor, requestOrigin(received))
}
