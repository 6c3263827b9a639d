import 'server-only'
import { isDevelopment } from '../config/development.ts'
import { ConfigurationError } from '../config/environment.ts'
import { dressRequests } from './dress-requests.ts'
import { endUnreadRequests } from './end-unread-requests.ts'
import { warnOfUntoldProxy } from './forwarded.ts'
import { ignoreUpgrades } from './ignore-upgrades.ts'
import { observeRequests } from './observe-requests.ts'
import { closeServices, services } from './services.ts'
import { watchProvider } from './watch-provider.ts'
import { webConfig } from './web-config.ts'

/**
 * What happens once, before the first request: the environment is judged, requests get their headers, are bounded and
 * counted, and what was opened is closed when the process ends.
 */
export function startWeb(): void {
  try {
    webConfig()
  } catch (error) {
    endIfMisconfigured(error)
    throw error
  }
  // Files and contexts that the environment names are looked at now. A database that is not there yet is waited for.
  services().catch(endIfMisconfigured)
  dressRequests()
  endUnreadRequests()
  if (!isDevelopment()) ignoreUpgrades()
  observeRequests()
  void watchProvider()
  warnOfUntoldProxy()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void closeServices())
}

function endIfMisconfigured(error: unknown): void {
  if (!(error instanceof ConfigurationError)) return
  console.error(error.message)
  process.exit(1)
}
