import 'server-only'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { processValue } from '#lib/observability/process-value.ts'
import { webLog } from '#lib/web/process/web-log.ts'
import { isMalformedRequest } from './is-malformed-request.ts'
import { noteUnreadable } from './unreadable-requests.ts'

/** Next's own output of these errors is dropped (lib/web/log-as-json.ts). */
const loggedErrors = () => processValue('logged', () => new WeakSet<Error>())

/** Logs an error of a page or route handler, with the id that the person sees on screen. */
export function logRequestError(
  error: unknown,
  about: { digest: string | undefined; method: string; requestId: string | string[] | undefined },
): void {
  if (error instanceof Error) loggedErrors().add(error)
  const isMalformed = isMalformedRequest(error, about.method)
  if (isMalformed) noteUnreadable(String(about.requestId))
  const level = isMalformed ? 'warn' : isAppError(error) && error.status < 500 ? 'info' : 'error'
  webLog()[level]({ error, ...about }, 'a request failed')
}
