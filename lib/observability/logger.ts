import { type Logger, pino } from 'pino'
import { traceId } from './tracing.ts'

export type { Logger }

/**
 * Structured logs, one JSON object per line on standard output. Fields that could hold a secret are redacted by path,
 * wherever they are logged; headers and bodies are never logged.
 * @param process which process logs: web, gateway, worker
 */
export function createLogger(process: string, level: string): Logger {
  return pino({
    level,
    base: { process },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: () => {
      const id = traceId()
      return id === undefined ? {} : { traceId: id }
    },
    redact: {
      paths: ['token', 'authorization', 'cookie', 'password', '*.token', '*.authorization', '*.cookie', '*.password'],
      censor: '[removed]',
    },
    serializers: { error: (error: unknown) => describeError(error) },
  })
}

/** Error messages may contain what a client sent, and causes may be circular. */
const maxText = 4_000
const maxCauses = 5

/** Logs the name, message, code and stack of a thrown value, and no other properties (they may hold headers). */
function describeError(error: unknown, causes = 0): unknown {
  if (!(error instanceof Error)) return { message: String(error).slice(0, maxText) }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return {
    name: error.name,
    ...(code && { code }),
    message: error.message.slice(0, maxText),
    stack: error.stack?.slice(0, 2 * maxText),
    ...(error.cause !== undefined && causes < maxCauses && { cause: describeError(error.cause, causes + 1) }),
  }
}
