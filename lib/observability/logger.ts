import { type Logger, pino } from 'pino'

export type { Logger }

/**
 * Structured logs, one JSON object a line on standard output.
 * What could hold a secret is removed by path, whoever logs it; nobody logs headers or bodies at all.
 * @param process which of ours writes: web, gateway, worker
 */
export function createLogger(process: string, level: string): Logger {
  return pino({
    level,
    base: { process },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ['token', 'authorization', 'cookie', 'password', '*.token', '*.authorization', '*.cookie', '*.password'],
      censor: '[removed]',
    },
    serializers: { error: (error: unknown) => describeError(error) },
  })
}

/** Texts of errors may hold what a client sent, and causes may go round. */
const maxText = 4_000
const maxCauses = 5

/** What is logged of a thrown value: name, message, code and stack, and nothing that hangs on it (it may hold headers). */
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
