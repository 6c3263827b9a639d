import { parseEnvironment } from '#lib/config/environment.ts'
import type { ExternalIdentity } from './environment.ts'

/**
 * @returns the identity provider in the environment, or undefined for the development one
 * @throws ConfigurationError when OIDC_ISSUER is set without its client
 */
export function readExternalIdentity(
  environment: Readonly<Record<string, string | undefined>>,
): ExternalIdentity | undefined {
  if (!environment.OIDC_ISSUER) return undefined
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET } = parseEnvironment(
    ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'],
    environment,
  )
  return { issuer: OIDC_ISSUER, clientId: OIDC_CLIENT_ID, clientSecret: OIDC_CLIENT_SECRET }
}
