import type { SignInError } from '../domain/sign-in-error.ts'

const unreachable = /^(ECONN|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOST|ENET|EPIPE|UND_ERR)/

/** @returns which kind of failure next-auth or openid-client speaks of */
export function classifyFailure(error: unknown): SignInError {
  if (!(error instanceof Error)) return 'provider_refused'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (unreachable.test(code) || /timed out|fetch failed|ECONN|ENOTFOUND/i.test(error.message))
    return 'provider_unreachable'
  if (
    /cookie was missing|could not be parsed|state mismatch|state missing|checks\.state|nonce mismatch|invalid_grant/i.test(
      error.message,
    )
  )
    return 'sign_in_expired'
  if (/invalid_scope/i.test(error.message)) return 'invalid_scope'
  return 'provider_refused'
}

/** @returns what an error in the provider's redirect means (RFC 6749, section 4.1.2.1; OpenID Connect Core, 3.1.2.6) */
export function classifyProviderError(code: string): SignInError {
  if (['access_denied', 'login_required', 'consent_required', 'interaction_required'].includes(code))
    return 'access_denied'
  if (code === 'invalid_scope') return 'invalid_scope'
  if (code === 'temporarily_unavailable' || code === 'server_error') return 'provider_unreachable'
  return 'provider_refused'
}
