import 'server-only'
import { readWebConfig, type WebConfig } from '#lib/config/config.ts'
import { processValue } from '#lib/observability/process-value.ts'

/**
 * The environment, parsed once.
 * @throws ConfigurationError
 */
export const webConfig = (): WebConfig => processValue('config', () => readWebConfig())
