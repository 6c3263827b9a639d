import 'server-only'
import { processValue } from '#lib/observability/process-value.ts'

const ending = () => processValue('ending', () => new AbortController())

/** Aborted once the process is asked to end: what would go on for minutes ends then, and is begun again elsewhere. */
export const processEnding = (): AbortSignal => ending().signal

/** The process is asked to end. */
export const announceEnding = (): void => ending().abort()
