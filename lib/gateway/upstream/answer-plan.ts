import type { AdmittedRequest } from '#lib/gateway/admit.ts'
import { type AnswerReader, createAnswerReader } from '#lib/gateway/request/answer-reader.ts'
import { type Rewriting, rewritingOf } from '#lib/gateway/request/answer-rewriting.ts'
import { readResponseHeaders, valuesOf } from '#lib/gateway/request/response-headers.ts'
import type { ClientHead } from './answer-writer.ts'

export type AnswerPlan = {
  head: ClientHead
  /** Undefined: the body is passed on unchanged. */
  rewriting: Rewriting | undefined
  reader: AnswerReader | undefined
}

/** @param fields alternating lower-case names and values */
export function planAnswer(admitted: AdmittedRequest, status: number, fields: readonly string[]): AnswerPlan {
  const rewriting = rewritingOf(admitted, status, fields)
  // Rewriting changes the length.
  const sized = rewriting === undefined && valuesOf(fields, 'content-length').length > 0
  return {
    head: { status, fields: readResponseHeaders(fields, admitted.exchange.id, sized), sized },
    rewriting,
    reader: createAnswerReader(admitted.target, status, fields),
  }
}
