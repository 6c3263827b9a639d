import 'server-only'
import type { LiveSession } from '#lib/auth/session/read-session.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { processEnding } from '#lib/web/process/ending.ts'
import { type Slots, takeSlot } from '#lib/web/process/take-slot.ts'
import { webConfig } from '#lib/web/process/web-config.ts'
import { assertNotForeign } from '#lib/web/request/assert-own-origin.ts'
import { contextFor } from '#lib/web/request/context-for.ts'
import { watchedSession } from '#lib/web/request/current-session.ts'
import { eventBody } from './event-body.ts'

const heartbeatMs = 15_000
const maxStreamMs = 10 * 60_000
/** Browsers reconnect after 2 to 4 seconds, so that they don't all return at once when a process ends. */
const retryMs = () => 2_000 + Math.floor(Math.random() * 2_000)

/** The last message of an ended session: don't reconnect. */
export const sessionOver = 'event: over\ndata: {}\n\n'

export type LiveContext = Awaited<ReturnType<typeof contextFor>>

type SessionStream = {
  session: LiveSession
  ctx: LiveContext
  /** Reads the session again; null: it has ended. */
  sessionNow: () => Promise<LiveSession | null>
  contextOf: (session: LiveSession) => Promise<LiveContext>
  /** @returns whether it was accepted; false: the reader is behind, and onRoom will be called */
  send: (text: string) => boolean
  end: () => void
  signal: AbortSignal
}

/** The most streams at once, and whether the session read includes the inbox count. */
type Options = { slots: Slots; count?: boolean }

/**
 * A stream of server-sent events for the signed-in person. It ends with the session, an activated platform role or the
 * process, and after ten minutes; browsers reconnect and are checked again.
 * @param begin starts the stream
 * @returns a callback for when the reader has read everything
 * @throws AppError not_signed_in, rate_limited (too many at once), foreign_origin, and errors of `begin`
 */
export async function sessionStream(
  request: Request,
  { slots, count = false }: Options,
  begin: (stream: SessionStream) => Promise<() => void>,
): Promise<Response> {
  assertNotForeign(request.headers, webConfig().SPACEPORT_URL)
  const read = await watchedSession({ count })
  const session = await read()
  if (!session) throw new AppError('not_signed_in')
  const ctx = await contextFor(session, request.headers)
  const release = takeSlot(slots, session.actor.userId)

  let { idleEndsAt } = session
  const sessionNow = async () => {
    const now = await read()
    if (now) idleEndsAt = now.idleEndsAt
    return now
  }
  // A timer, since nothing in the database changes when an activated role ends.
  const { adminUntil } = session.actor
  const longestMs = Math.min(maxStreamMs, Math.max((adminUntil?.getTime() ?? Infinity) - Date.now(), 0))
  const ending = new AbortController()
  const end = () => ending.abort()
  const signal = AbortSignal.any([ending.signal, request.signal, processEnding(), AbortSignal.timeout(longestMs)])
  let onRoom = () => {}
  const events = eventBody({ onRoom: () => onRoom(), onLeave: end })
  const send = (text: string) => !signal.aborted && events.send(text)
  const beat = async () => {
    const now = Date.now()
    const isOver = session.expiresAt.getTime() <= now || (idleEndsAt.getTime() <= now && (await sessionNow()) === null)
    send(isOver ? sessionOver : 'event: still\ndata: {}\n\n')
    if (isOver) end()
  }
  const heartbeat = setInterval(() => void beat().catch(end), heartbeatMs)
  const finish = () => {
    clearInterval(heartbeat)
    release()
    events.close()
  }
  signal.addEventListener('abort', finish, { once: true })
  if (signal.aborted) finish()
  send(`retry: ${retryMs()}\n\n`)
  const contextOf = (now: LiveSession) => contextFor(now, request.headers)
  try {
    onRoom = await begin({ session, ctx, sessionNow, contextOf, send, end, signal })
  } catch (error) {
    end()
    throw error
  }
  return new Response(events.body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    },
  })
}
