import type { SignInError } from '#lib/kernel/model/people/sign-in-error.ts'
import { providerFaultOf } from './identity-provider.ts'
import { graphFaultOf } from './read-graph-groups.ts'

const unreachable = /^(ECONN|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOST|ENET|EPIPE|UND_ERR)/

/** @returns the kind of an error from next-auth, oauth4webapi or jose */
export function classifyFailure(error: unknown): SignInError {
  const fault = providerFaultOf(error) ?? graphFaultOf(error)
  if (fault !== undefined) return fault
  if (!(error instanceof Error)) return 'provider_refused'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (error.name === 'TimeoutError' || unreachable.test(code)) return 'provider_unreachable'
  if (/timed out|fetch failed|ECONN|ENOTFOUND/i.test(error.message)) return 'provider_unreachable'
  if (/unexpected .*"iss" \(issuer\)/.test(error.message)) return 'wrong_issuer'
  // The token endpoint's error code (RFC 6749, section 5.2) is in `error`.
  const oauthError = 'error' in error && typeof error.error === 'string' ? error.error : ''
  if (oauthError === 'invalid_grant' || /cookie was missing|could not be parsed|"state"|"nonce"/i.test(error.message))
    return 'sign_in_expired'
  if (oauthError === 'invalid_scope') return 'invalid_scope'
  return 'provider_refused'
}

/**
 * @returns the kind of an error in the provider's redirect (RFC 6749, section 4.1.2.1; OpenID Connect Core, 3.1.2.6)
 */
export function classifyProviderError(code: string): SignInError {
  if (['access_denied', 'login_required', 'consent_required', 'interaction_required'].includes(code))
    return 'access_denied'
  if (code === 'invalid_scope') return 'invalid_scope'
  if (code === 'temporarily_unavailable' || code === 'server_error') return 'provider_unreachable'
  return 'provider_refused'
}
