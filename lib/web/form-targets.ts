import 'server-only'
import { identityProvider } from './identity-provider.ts'
import { processValue } from './process-value.ts'
import { webConfig } from './web-config.ts'

/** @returns the origins that signing in and out leads to; until the provider has answered, the issuer's alone */
export function formTargets(): readonly string[] {
  const known = processValue('form-targets', () => ({ origins: originsOf([webConfig().OIDC_ISSUER]) }))
  identityProvider()
    .metadata()
    .then(
      ({ authorization_endpoint, end_session_endpoint }) => {
        known.origins = originsOf([webConfig().OIDC_ISSUER, authorization_endpoint, end_session_endpoint])
      },
      // Whoever signs in is told so.
      () => {},
    )
  return known.origins
}

const originsOf = (urls: readonly (string | undefined)[]): string[] => [
  ...new Set(urls.flatMap((url) => (url === undefined ? [] : [new URL(url).origin]))),
]
