import 'server-only'
import { AppError, isAppError } from '#lib/domain/errors.ts'
import { notifications } from '#lib/web/process/notifications.ts'
import { takeSlot } from '#lib/web/process/take-slot.ts'
import { webConfig } from '#lib/web/process/web-config.ts'
import { webLog } from '#lib/web/process/web-log.ts'
import { assertNotForeign } from '#lib/web/request/assert-own-origin.ts'
import { contextFor } from '#lib/web/request/context-for.ts'
import { watchedSession } from '#lib/web/request/current-session.ts'

const heartbeatMs = 15_000
const maxStreamMs = 10 * 60_000
const atOnce = { name: 'live', most: 8, sentence: 'Too many pages are open at once. Close one and reload.' }
/** Changes come in bursts; the page reloads once per burst. */
const gatherMs = 150

/** Who follows, as they are now. */
export type LiveContext = Awaited<ReturnType<typeof contextFor>>

type Live = {
  /**
   * @returns a value that changes whenever what the person may watch has to be decided again
   * @throws AppError when they may not
   */
  judge: (ctx: LiveContext) => Promise<string>
  /** Whether the last judgement found something new; always, if it isn't said. */
  isNews?: () => boolean
  /**
   * Calls `heard` after a change in the database, after which it is judged again, and `onChange` after others.
   * @returns when the signal is aborted
   */
  watch: (ctx: LiveContext, on: { heard: () => void; onChange: () => void; signal: AbortSignal }) => Promise<void>
}

/**
 * A stream of `change` events for a page (server-sent events). It says that something changed, never what: the page then
 * asks as usual. It ends with the session, with an activated role of a platform admin, after ten minutes (browsers
 * reconnect), and when the person may no longer see it.
 * @throws AppError not_signed_in, rate_limited (too many pages open at once), foreign_origin
 */
export async function liveStream(request: Request, { judge, isNews, watch }: Live): Promise<Response> {
  assertNotForeign(request.headers, webConfig().SPACEPORT_URL)
  const sessionNow = await watchedSession()
  const session = await sessionNow()
  if (!session) throw new AppError('not_signed_in')
  const ctx = await contextFor(session, request.headers)
  const { userId } = session.actor
  const fingerprint = await judge(ctx)
  const release = takeSlot(atOnce, userId)

  // By the clock: nothing in the database changes when an activated role ends.
  const { adminUntil } = session.actor
  const longestMs = Math.min(maxStreamMs, Math.max((adminUntil?.getTime() ?? Infinity) - Date.now(), 0))
  const ending = new AbortController()
  const signal = AbortSignal.any([ending.signal, request.signal, AbortSignal.timeout(longestMs)])
  const encoder = new TextEncoder()
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const send = (text: string) => {
    if (!signal.aborted) controller?.enqueue(encoder.encode(text))
  }
  let gathering: NodeJS.Timeout | undefined
  const onChange = () => {
    gathering ??= setTimeout(() => {
      gathering = undefined
      send('event: change\ndata: {}\n\n')
    }, gatherMs)
  }
  // After each change in the database: is the session still alive, and does the person still have the same access? If
  // not, the stream ends, and the browser reconnects and is checked again.
  const recheck = async () => {
    try {
      const now = await sessionNow()
      const access = now && (await judge(await contextFor(now, request.headers)))
      if (access === fingerprint) {
        if (isNews?.() ?? true) onChange()
        return
      }
    } catch (error) {
      if (!isAppError(error))
        webLog().warn({ error, requestId: ctx.origin.requestId }, 'the access of a live page could not be rechecked')
    }
    onChange()
    setTimeout(() => ending.abort(), 2 * gatherMs)
  }
  const heard = () => void recheck()
  const heartbeat = setInterval(() => {
    if (session.expiresAt.getTime() <= Date.now()) ending.abort()
    else send(': still here\n\n')
  }, heartbeatMs)
  const stopPerson = notifications().onPerson(userId, heard)
  const finish = () => {
    clearInterval(heartbeat)
    clearTimeout(gathering)
    stopPerson()
    release()
    try {
      controller?.close()
    } catch {
      // The browser was faster.
    }
  }
  signal.addEventListener('abort', finish, { once: true })
  // The browser may have left in the meantime.
  if (signal.aborted) finish()

  const watching = watch(ctx, { heard, onChange, signal })
  watching.catch((error: unknown) => {
    if (!isAppError(error) && !signal.aborted)
      webLog().error({ error, requestId: ctx.origin.requestId }, 'the stream of a live page failed')
    ending.abort()
  })
  const body = new ReadableStream<Uint8Array>({
    start(given) {
      controller = given
      send('retry: 2000\n\n')
      if (signal.aborted) given.close()
    },
    cancel: () => ending.abort(),
  })
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    },
  })
}
