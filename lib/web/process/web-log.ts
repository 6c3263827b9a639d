import 'server-only'
import { createLogger, type Logger } from '#lib/observability/logger.ts'
import { processValue } from '#lib/observability/process-value.ts'
import { webConfig } from './web-config.ts'

/** The web process's log; works even if the services can't be opened. */
export const webLog = (): Logger => processValue('log', () => createLogger('web', webConfig().LOG_LEVEL))
