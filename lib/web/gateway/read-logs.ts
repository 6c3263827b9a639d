import 'server-only'
import { type LogSource, renderLogEvent } from '#lib/features/spaces/model/log-stream.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import type { CallerContext } from '#lib/kernel/use-case/wrap-context.ts'
import { askGateway } from './ask-gateway.ts'
import { splitLines } from './split-lines.ts'

/** The logs that a person may read at once. */
export const logSlots = {
  name: 'logs',
  most: 4,
  sentence: 'Four pages with logs are open already. Close one and reload.',
}

/** PodLogOptions: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#get-read-log-of-the-specified-pod */
export type LogOptions = {
  follow: boolean
  /** Of the container's previous, ended run. */
  previous: boolean
  /** Lines from the end; undefined: all. */
  tailLines?: number | undefined
  /** Only lines from this time (RFC 3339) on. */
  sinceTime?: string | undefined
  limitBytes?: number | undefined
}

type Place = { cluster: string; namespace: string }

/**
 * Fetches the log of one container from the gateway.
 * @throws as askGateway
 */
const askForLog = (
  ctx: CallerContext,
  { cluster, namespace }: Place,
  source: LogSource,
  given: LogOptions,
  signal: AbortSignal,
) =>
  askGateway(ctx, {
    cluster,
    path: `/api/v1/namespaces/${namespace}/pods/${source.pod}/log`,
    query: new URLSearchParams({
      container: source.container,
      timestamps: 'true',
      ...(given.follow && { follow: 'true' }),
      ...(given.previous && { previous: 'true' }),
      ...(given.tailLines !== undefined && { tailLines: String(given.tailLines) }),
      ...(given.sinceTime !== undefined && { sinceTime: given.sinceTime }),
      ...(given.limitBytes !== undefined && { limitBytes: String(given.limitBytes) }),
    }),
    signal,
  })

/**
 * @param number of the source, in the stream’s events
 * @returns the events of one container’s log (lib/features/spaces/model/log-stream.ts); refusals and cuts are events
 *   too
 */
export async function* logEvents(
  ctx: CallerContext,
  place: Place,
  { source, number }: { source: LogSource; number: number },
  options: LogOptions,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const event = (mark: '!' | '.', text: string) => renderLogEvent({ source: number, mark, text })
  try {
    const answer = await askForLog(ctx, place, source, options, signal)
    if (!answer.ok) return yield event('!', answer.message)
    for await (const lines of splitLines(answer.body))
      yield lines.map((text) => renderLogEvent({ source: number, mark: ' ', text })).join('')
    yield event('.', '')
  } catch (error) {
    if (signal.aborted) return
    yield event('!', isAppError(error) ? error.sentence : 'The log was cut off: your access may have changed.')
  }
}

/**
 * @returns the lines of one container’s log for a file; with several containers, each line begins with pod and
 *   container
 */
export async function* logText(
  ctx: CallerContext,
  place: Place,
  { source, named }: { source: LogSource; named: boolean },
  options: LogOptions,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const name = named ? `${source.pod}/${source.container} ` : ''
  const answer = await askForLog(ctx, place, source, options, signal)
  if (!answer.ok) return yield `# ${source.pod}/${source.container}: ${answer.message}\n`
  for await (const lines of splitLines(answer.body)) yield lines.map((text) => `${name}${text}\n`).join('')
}
