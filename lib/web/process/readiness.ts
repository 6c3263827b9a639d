import 'server-only'
import { providerFaultOf, providerFaults, readProvider } from '#lib/auth/identity-provider.ts'
import { checkReadiness } from '#lib/broker/clusters/check-readiness.ts'
import type { Services } from '#lib/broker/use-case/context.ts'
import { isDatabaseUnavailable } from '#lib/domain/database-failure.ts'
import { noAnswer, ok, type Readiness } from '#lib/domain/readiness.ts'
import { readForwarded } from '#lib/web/process/forwarded.ts'
import { identityProvider } from './identity-provider.ts'
import { services } from './services.ts'
import { webConfig } from './web-config.ts'
import { webLog } from './web-log.ts'

/**
 * Whether the web process can take traffic: the database answers. Faults of clusters and of the identity provider are reported.
 */
export async function readiness(): Promise<Readiness> {
  let held: Services
  try {
    held = await services()
  } catch (error) {
    // The details go to the log only: the caller is not authenticated.
    webLog().warn({ error }, 'not ready: the services cannot be opened')
    return { ready: false, parts: { [isDatabaseUnavailable(error) ? 'database' : 'services']: noAnswer } }
  }
  return checkReadiness(held, { 'identity provider': readProviderState, 'source addresses': readForwarded })
}

const readProviderState = () =>
  readProvider(identityProvider(), webConfig().OIDC_ALGORITHMS).then(
    () => ok,
    (error: unknown) => providerFaults[providerFaultOf(error) ?? 'provider_unreachable'],
  )
