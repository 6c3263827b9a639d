import 'server-only'
import { isDevelopment } from '#lib/config/development.ts'
import { ConfigurationError } from '#lib/config/environment.ts'
import { startTracing } from '#lib/observability/start-tracing.ts'
import { answerShell, isShellRequest } from '#lib/web/gateway/answer-shell.ts'
import { endGracefully } from '#lib/web/process/end-gracefully.ts'
import { endUnreadRequests } from '#lib/web/process/end-unread-requests.ts'
import { warnOfUndeclaredProxy } from '#lib/web/process/forwarded.ts'
import { identityProviders } from '#lib/web/process/identity-provider.ts'
import { interceptUpgrades } from '#lib/web/process/intercept-upgrades.ts'
import { keepIdleConnections } from '#lib/web/process/keep-idle-connections.ts'
import { closeServices, services } from '#lib/web/process/services.ts'
import { startWebAdmin } from '#lib/web/process/start-web-admin.ts'
import { warnOfNoAdmins } from '#lib/web/process/warn-of-no-admins.ts'
import { watchContact } from '#lib/web/process/watch-contact.ts'
import { watchProviders } from '#lib/web/process/watch-provider.ts'
import { webConfig } from '#lib/web/process/web-config.ts'
import { decorateRequests } from '#lib/web/request/decorate-requests.ts'
import { observeRequests } from '#lib/web/request/observe-requests.ts'

/**
 * Runs once before the first request: checks the environment, sets up request handling, limits and metrics, and
 * prepares the graceful end of the process.
 */
export async function startWeb(): Promise<void> {
  try {
    webConfig()
    identityProviders()
  } catch (error) {
    endIfMisconfigured(error)
    throw error
  }
  const tracing = await startTracing('web', webConfig())
  // Checks the configured files and contexts now. A database that isn't up yet is tried again later.
  services().catch(endIfMisconfigured)
  decorateRequests()
  endUnreadRequests()
  keepIdleConnections(webConfig().WEB_KEEP_ALIVE_SECONDS)
  interceptUpgrades(isShellRequest, answerShell, { others: isDevelopment() })
  observeRequests()
  const admin = await startWebAdmin()
  void watchProviders()
  void watchContact()
  warnOfUndeclaredProxy()
  warnOfNoAdmins()
  endGracefully(async () => {
    admin.stop()
    await closeServices()
    await tracing.stop()
  })
}

function endIfMisconfigured(error: unknown): void {
  if (!(error instanceof ConfigurationError)) return
  console.error(error.message)
  process.exit(1)
}
