import 'server-only'
import { ConfigurationError } from '../config/environment.ts'
import { observeRequests } from './observe-requests.ts'
import { closeServices } from './services.ts'
import { webConfig } from './web-config.ts'

/**
 * What happens once, before the first request: the environment is judged, requests are watched, and what was opened is
 * closed when the process ends.
 */
export function startWeb(): void {
  try {
    webConfig()
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    console.error(error.message)
    process.exit(1)
  }
  observeRequests()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void closeServices())
}
