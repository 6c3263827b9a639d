import 'server-only'
import { statusOf } from '#lib/kernel/model/errors.ts'
import { requestOrigin } from '#lib/web/request/request-origin.ts'
import { describeFailure } from './run-safely.ts'

/** @returns the response of a failed route handler: a message and the request id */
export function answerFailure(error: unknown, headers: Headers, route: string): Response {
  const failure = describeFailure(error, requestOrigin(headers).requestId, route)
  const status = failure.status === 'bug' ? 500 : statusOf(failure.code)
  const { message, requestId } = failure
  return Response.json(
    { ...(failure.status === 'error' && { code: failure.code, fields: failure.fields }), message, requestId },
    { status, headers: { 'cache-control': 'no-store' } },
  )
}
