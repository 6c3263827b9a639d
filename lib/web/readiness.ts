import 'server-only'
import { checkReadiness, type Readiness } from '../broker/check-readiness.ts'
import type { Services } from '../broker/context.ts'
import { isDatabaseUnavailable } from '../domain/database-failure.ts'
import { identityProvider } from './identity-provider.ts'
import { services } from './services.ts'
import { webLog } from './web-log.ts'

/** Whether the web process may take traffic: database, clusters and identity provider answer. */
export async function readiness(): Promise<{ ready: boolean; parts: Readiness }> {
  let held: Services
  try {
    held = await services()
  } catch (error) {
    // What exactly is for the log: whoever asks is not known.
    webLog().warn({ error }, 'not ready: the services cannot be opened')
    return { ready: false, parts: { [isDatabaseUnavailable(error) ? 'database' : 'services']: 'cannot be reached' } }
  }
  return checkReadiness(held, { 'identity provider': () => identityProvider().metadata() })
}
