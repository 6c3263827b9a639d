import 'server-only'
import type { SignInProvider } from '#lib/auth/auth-services.ts'
import { authSettings, furtherSettings } from '#lib/auth/auth-settings.ts'
import { createIdentityProvider } from '#lib/auth/provider/identity-provider.ts'
import { readFurtherProviders } from '#lib/config/further-providers.ts'
import { processValue } from '#lib/observability/process-value.ts'
import { webConfig } from './web-config.ts'

type Providers = readonly [SignInProvider, ...SignInProvider[]]

/**
 * The configured identity providers, that of OIDC_ISSUER first.
 * @throws ConfigurationError
 */
export const identityProviders = (): Providers =>
  processValue('identity-providers', (): Providers => {
    const config = webConfig()
    const main = authSettings(config)
    const further = readFurtherProviders(config.SPACEPORT_FURTHER_PROVIDERS, config.OIDC_ISSUER)
    return [
      { settings: main, provider: createIdentityProvider(main.issuer) },
      ...further.map((one) => ({ settings: furtherSettings(main, one), provider: createIdentityProvider(one.issuer) })),
    ]
  })
