import 'server-only'
import { identityProvider } from './identity-provider.ts'
import { processValue } from './process-value.ts'
import { webConfig } from './web-config.ts'

const retryMs = 2_000

/**
 * @returns the origins that signing in and out leads to; until the provider has answered, which it is asked for again and
 * again, the issuer's alone
 */
export function formTargets(): readonly string[] {
  const known = processValue('form-targets', (): Known => ({ origins: originsOf([webConfig().OIDC_ISSUER]) }))
  identityProvider()
    .metadata()
    .then(
      ({ authorization_endpoint, end_session_endpoint }) => {
        known.origins = originsOf([webConfig().OIDC_ISSUER, authorization_endpoint, end_session_endpoint])
      },
      // Whoever signs in meanwhile is told so.
      () => {
        known.retry ??= setTimeout(() => {
          known.retry = undefined
          formTargets()
        }, retryMs).unref()
      },
    )
  return known.origins
}

type Known = { origins: string[]; retry?: NodeJS.Timeout | undefined }

const originsOf = (urls: readonly (string | undefined)[]): string[] => [
  ...new Set(urls.flatMap((url) => (url === undefined ? [] : [new URL(url).origin]))),
]
