import 'server-only'
import type { SignInProvider } from '#lib/auth/auth-services.ts'
import { providerFaultOf, providerFaults, readProvider } from '#lib/auth/provider/identity-provider.ts'
import { checkReadiness, failureInWords } from '#lib/features/clusters/use-cases/check-readiness.ts'
import { isDatabaseUnavailable } from '#lib/kernel/model/database-failure.ts'
import { mainProviderId } from '#lib/kernel/model/people/provider.ts'
import { ok, type Readiness, readinessMs } from '#lib/kernel/model/readiness.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'
import { processValue } from '#lib/observability/process-value.ts'
import { remember } from '#lib/observability/remember.ts'
import { readForwarded } from '#lib/web/process/forwarded.ts'
import { identityProviders } from './identity-provider.ts'
import { services } from './services.ts'
import { webLog } from './web-log.ts'

/** Web isn't ready without these parts. */
export const neededParts = ['database', 'services'] as const

/**
 * Whether the web process can take traffic, that is, whether the database answers. Faults of clusters and of the
 * identity provider are only reported. The result is cached for two seconds.
 */
export const readiness = (): Promise<Readiness> => processValue('readiness', () => remember(readinessMs, readNow))()

async function readNow(): Promise<Readiness> {
  let webServices: Services
  try {
    webServices = await services()
  } catch (error) {
    // The caller isn't authenticated, so details go only to the log.
    webLog().warn({ error }, 'not ready: the services cannot be opened')
    return { ready: false, parts: { [isDatabaseUnavailable(error) ? 'database' : 'services']: failureInWords(error) } }
  }
  const providers = identityProviders().map((one): [string, () => Promise<string>] => [
    one.settings.id === mainProviderId ? 'identity provider' : `identity provider/${one.settings.id}`,
    () => readProviderState(one),
  ])
  return checkReadiness(webServices, { ...Object.fromEntries(providers), 'source addresses': readForwarded })
}

const readProviderState = ({ provider, settings }: SignInProvider): Promise<string> =>
  readProvider(provider, settings.algorithms).then(
    () => ok,
    (error: unknown) => providerFaults[providerFaultOf(error) ?? 'provider_unreachable'],
  )
