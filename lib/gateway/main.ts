import { readGatewayConfig } from '#lib/config/config.ts'
import { ConfigurationError } from '#lib/config/environment.ts'
import { createLogger } from '#lib/observability/logger.ts'
import { startGateway } from './start-gateway.ts'

/**
 * Milliseconds in which busy clients move to other processes. An idle connection may carry a new request while it is
 * closed, and no client may repeat every request (RFC 9112, section 9.5).
 */
const leaveMs = 1_000

/** The gateway's process: `node lib/gateway/main.ts`. On SIGTERM or SIGINT it ends open streams and exits. */
try {
  const config = readGatewayConfig()
  const log = createLogger('gateway', config.LOG_LEVEL)
  const gateway = await startGateway(config, log, Date.now)
  let stopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (stopping) return
      stopping = true
      log.info({ signal }, 'the gateway is stopping')
      gateway.leave()
      const left = new Promise((resolve) => setTimeout(resolve, leaveMs))
      left.then(gateway.stop).then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ error }, 'the gateway did not stop cleanly')
          process.exit(1)
        },
      )
    })
} catch (error) {
  console.error(error instanceof ConfigurationError ? error.message : error)
  process.exit(1)
}
