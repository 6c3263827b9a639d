import 'server-only'
import { readWebConfig, type WebConfig } from '#lib/config/config.ts'
import { processValue } from '#lib/observability/process-value.ts'

/** What the environment says, parsed once. @throws ConfigurationError */
export const webConfig = (): WebConfig => processValue('config', () => readWebConfig())
