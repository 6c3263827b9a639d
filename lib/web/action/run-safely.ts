import 'server-only'
import { headers } from 'next/headers'
import { unstable_rethrow } from 'next/navigation'
import type { ActionBug, ActionError } from '#lib/kernel/model/action-state.ts'
import { isDatabaseBusy, isDatabaseUnavailable } from '#lib/kernel/model/database-failure.ts'
import { AppError, isAppError } from '#lib/kernel/model/errors.ts'
import { metrics } from '#lib/observability/metrics.ts'
import { webLog } from '#lib/web/process/web-log.ts'
import { requestOrigin } from '#lib/web/request/request-origin.ts'

/**
 * Runs an action. An expected failure becomes a message in the form, an unexpected one an ID on screen and a stack
 * trace in the log. Next's own signals (redirect, not found) pass through.
 * @param name for the metrics
 */
export async function runSafely<T>(name: string, run: () => Promise<T>): Promise<T | ActionError | ActionBug> {
  const end = metrics().actionDuration.startTimer({ action: name })
  try {
    const result = await run()
    end({ outcome: 'ok' })
    return result
  } catch (error) {
    end({ outcome: isAppError(error) ? error.code : isNextSignal(error) ? 'ok' : 'bug' })
    unstable_rethrow(error)
    return describeFailure(error, requestOrigin(await headers()).requestId, name)
  }
}

/** @returns a failure's message for the person; logs unexpected failures */
export function describeFailure(thrown: unknown, requestId: string, what: string): ActionError | ActionBug {
  const error = explain(thrown)
  if (!isAppError(error)) {
    webLog().error({ error, requestId, action: what }, 'an action failed unexpectedly')
    const message = `Something went wrong in Spaceport. Give a platform admin this ID: ${requestId}`
    return { status: 'bug', message, requestId }
  }
  if (error.status >= 500) webLog().warn({ error, requestId, action: what }, 'an action failed')
  return { status: 'error', code: error.code, message: error.sentence, fields: { ...error.fields }, requestId }
}

function explain(thrown: unknown): unknown {
  if (isAppError(thrown)) return thrown
  if (isDatabaseBusy(thrown)) return new AppError('busy', { cause: thrown })
  return isDatabaseUnavailable(thrown) ? new AppError('database_unavailable', { cause: thrown }) : thrown
}

/** Next redirects by throwing, which means that the action succeeded. */
const isNextSignal = (error: unknown): boolean =>
  error instanceof Error && 'digest' in error && typeof error.digest === 'string' && error.digest.startsWith('NEXT_')
