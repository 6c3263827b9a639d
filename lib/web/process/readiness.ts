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

/** Whether the web process may take traffic: database and clusters answer. What is wrong with the identity provider is told. */
export async function readiness(): Promise<Readiness> {
  let held: Services
  try {
    held = await services()
  } catch (error) {
    // What exactly is for the log: whoever asks is not known.
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
