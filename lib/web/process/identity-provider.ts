import 'server-only'
import { createIdentityProvider, type IdentityProvider } from '#lib/auth/identity-provider.ts'
import { processValue } from '#lib/observability/process-value.ts'
import { webConfig } from './web-config.ts'

/** The configured identity provider. */
export const identityProvider = (): IdentityProvider =>
  processValue('identity-provider', () => createIdentityProvider(webConfig().OIDC_ISSUER))
