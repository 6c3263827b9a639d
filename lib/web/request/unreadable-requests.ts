import 'server-only'
import type { ServerResponse } from 'node:http'
import { processValue } from '#lib/observability/process-value.ts'

/** Open requests by their ID, and whether Next couldn't read their body. */
const openRequests = () => processValue('unreadable', () => new Map<string, boolean>())

/** Answers an unreadable form with 400 instead of Next's 500, so that clients can't trigger alerts. */
export function answerAsUnreadable(response: ServerResponse, requestId: string): void {
  openRequests().set(requestId, false)
  response.once('close', () => openRequests().delete(requestId))
  const writeHead = response.writeHead.bind(response) as (status: number, ...rest: unknown[]) => ServerResponse
  response.writeHead = (status: number, ...rest: unknown[]) =>
    writeHead(status === 500 && openRequests().get(requestId) === true ? 400 : status, ...rest)
}

export function noteUnreadable(requestId: string): void {
  if (openRequests().has(requestId)) openRequests().set(requestId, true)
}
