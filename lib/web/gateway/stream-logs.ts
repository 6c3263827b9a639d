import 'server-only'
import { type LogSource, maxFileBytes } from '#lib/features/spaces/model/log-stream.ts'
import { locateSpace } from '#lib/features/spaces/use-cases/locate-space.ts'
import type { SpaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { CallerContext } from '#lib/kernel/use-case/wrap-context.ts'
import { takeSlot } from '#lib/web/process/take-slot.ts'
import { watchedSession } from '#lib/web/request/current-session.ts'
import { mergeStreams } from './merge-streams.ts'
import { type LogOptions, logEvents, logSlots, logText } from './read-logs.ts'

const checkMs = 15_000

type LogQuery = { space: SpaceKey; sources: readonly LogSource[] } & LogOptions

/**
 * The logs of a space's containers, as events (lib/features/spaces/model/log-stream.ts) for a page.
 * @throws AppError not_found, forbidden, rate_limited
 */
export async function streamLogs(request: Request, ctx: CallerContext, query: LogQuery): Promise<Response> {
  const { space, sources, ...options } = query
  return answer(request, ctx, space, (place, signal) =>
    sources.map((source, number) => logEvents(ctx, place, { source, number }, options, signal)),
  )
}

/** The same logs as a file, as far back as the cluster still has them. */
export async function downloadLogs(request: Request, ctx: CallerContext, query: LogQuery): Promise<Response> {
  const { space, sources, previous } = query
  const named = sources.length > 1
  const options = { follow: false, previous, limitBytes: maxFileBytes }
  const response = await answer(request, ctx, space, (place, signal) => [
    (async function* () {
      for (const source of sources) yield* logText(ctx, place, { source, named }, options, signal)
    })(),
  ])
  response.headers.set('content-disposition', `attachment; filename="${space.name}-${sources[0]?.pod ?? 'logs'}.log"`)
  return response
}

async function answer(
  request: Request,
  ctx: CallerContext,
  space: SpaceKey,
  open: (place: { cluster: string; namespace: string }, signal: AbortSignal) => AsyncIterable<string>[],
): Promise<Response> {
  const place = await locateSpace(ctx, space)
  const sessionNow = await watchedSession()
  const release = takeSlot(logSlots, ctx.actor.userId)
  const ending = new AbortController()
  const signal = AbortSignal.any([ending.signal, request.signal])
  // An idle session expires without a notification; the gateway is notified of all other ends.
  const checking = setInterval(() => {
    void sessionNow().then(
      (now) => now ?? ending.abort(),
      () => {},
    )
  }, checkMs)
  const body = mergeStreams(open(place, signal), () => {
    clearInterval(checking)
    ending.abort()
    release()
  })
  return new Response(body, {
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-content-type-options': 'nosniff',
      'x-accel-buffering': 'no',
    },
  })
}
