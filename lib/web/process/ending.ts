import 'server-only'
import { processValue } from '#lib/observability/process-value.ts'

const ending = () => processValue('ending', () => new AbortController())

/** Aborted when the process is asked to end: long-running work ends then, and is started again in another process. */
export const processEnding = (): AbortSignal => ending().signal

export const announceEnding = (): void => ending().abort()
