import type { Admitted } from '#lib/gateway/admit.ts'
import { type Rewriting, rewritingOf } from '#lib/gateway/request/answer-rewriting.ts'
import { createNameReader, type NameReader } from '#lib/gateway/request/name-from-answer.ts'
import { readResponseHeaders } from '#lib/gateway/request/response-headers.ts'
import type { AnswerHead } from './answer-writer.ts'

/** What happens to an answer: its head for the client, and who changes or reads its body on the way. */
export type AnswerPlan = {
  head: AnswerHead
  /** Undefined: the body goes out as it comes. */
  rewriting: Rewriting | undefined
  naming: NameReader | undefined
}

/** @param headers of the API server's answer, names in lower case */
export function planAnswer(
  requestId: string,
  admitted: Admitted,
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): AnswerPlan {
  const rewriting = rewritingOf(admitted, status, headers)
  const sized = headers['content-length'] !== undefined && rewriting === undefined
  // What is rewritten has another length.
  const kept = rewriting ? { ...headers, 'content-length': undefined } : headers
  return {
    head: { status, fields: readResponseHeaders(kept, requestId), sized },
    rewriting,
    naming: createNameReader(admitted.target, status, headers),
  }
}
