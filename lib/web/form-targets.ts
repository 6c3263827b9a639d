import 'server-only'
import { identityProvider } from './identity-provider.ts'
import { webConfig } from './web-config.ts'

const patienceMs = 1_000

/** @returns the origins that signing in and out leads to; the issuer's alone while the provider does not answer */
export async function formTargets(): Promise<string[]> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), patienceMs)
  const metadata = await Promise.race([
    identityProvider()
      .metadata()
      .catch(() => undefined),
    late,
  ])
  clearTimeout(timer)
  const urls = [webConfig().OIDC_ISSUER, metadata?.authorization_endpoint, metadata?.end_session_endpoint]
  return urls.flatMap((url) => (url === undefined ? [] : [new URL(url).origin]))
}
