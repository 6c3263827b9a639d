import { z } from 'zod'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { contactFailureOf } from '#lib/kube/client/contact-failure.ts'
import { networkCode } from '#lib/kube/client/request.ts'

/** @returns the reason for a failure. It contains no secret: no driver or client puts one into its message */
export function explain(error: unknown): string {
  if (isAppError(error)) {
    if (contactFailureOf(error) === 'certificate')
      return `the API server’s certificate isn’t trusted (${networkCode(error.cause)}): certificate-authority-data of the kubeconfig isn’t the CA that signed it`
    return error.message.replace(`${error.code}: `, '')
  }
  if (error instanceof z.ZodError) return `an unexpected answer (${error.issues[0]?.path.join('.') ?? ''})`
  if (!(error instanceof Error)) return String(error)
  // fetch only says “fetch failed”, and an attempt at several addresses nothing; the cause has the reason.
  if (error.cause instanceof Error) return explain(error.cause)
  if (error instanceof AggregateError) return explain(error.errors[0])
  return error.message || error.name
}
