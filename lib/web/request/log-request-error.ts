import 'server-only'
import { isAppError } from '#lib/domain/errors.ts'
import { webLog } from '#lib/web/process/web-log.ts'

/** Logs what a page or route handler threw, with the id that the person sees on screen. */
export function logRequestError(
  error: unknown,
  about: { digest: string | undefined; method: string; requestId: string | string[] | undefined },
): void {
  const level = isAppError(error) && error.status < 500 ? 'info' : 'error'
  webLog()[level]({ error, ...about }, 'a request failed')
}
