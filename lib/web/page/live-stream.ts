import 'server-only'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { notifications } from '#lib/web/process/notifications.ts'
import { webLog } from '#lib/web/process/web-log.ts'
import { type LiveContext, sessionStream } from './session-stream.ts'

const slots = { name: 'live', most: 8, sentence: 'Too many pages are open at once. Close one and reload.' }
/** Changes come in bursts; the page reloads once per burst. */
const gatherMs = 150

type Live = {
  /**
   * @returns a fingerprint of the person's access to the page; when it changes, the stream ends
   * @throws AppError if they have no access
   */
  accessFingerprint: (ctx: LiveContext) => Promise<string>
  /** Whether the last access check found something new; undefined: always. */
  hasNews?: () => boolean
  /**
   * Calls `onDatabaseChange` after a change in the database, which is followed by an access check, and `onChange` after others.
   * @returns when the signal is aborted
   */
  watch: (
    ctx: LiveContext,
    on: { onDatabaseChange: () => void; onChange: () => void; signal: AbortSignal },
  ) => Promise<void>
}

/**
 * A stream of `change` events for a page, without content; the page then reloads its data. An event's id is its time,
 * which browsers send when they reconnect (`lastEventTime`). The stream ends when access ends.
 * @throws AppError as sessionStream and `accessFingerprint`
 */
export const liveStream = (request: Request, { accessFingerprint, hasNews, watch }: Live): Promise<Response> =>
  sessionStream(request, { slots }, async ({ session, ctx, sessionNow, contextOf, send, end, signal }) => {
    const fingerprint = await accessFingerprint(ctx)
    let gathering: NodeJS.Timeout | undefined
    let isPending = false
    const sendChange = () => {
      if (isPending && send(`event: change\nid: ${Date.now()}\ndata: {}\n\n`)) isPending = false
    }
    const onChange = () => {
      gathering ??= setTimeout(() => {
        gathering = undefined
        isPending = true
        sendChange()
      }, gatherMs)
    }
    // After each change in the database: checks that the session is alive and the access unchanged. If not, the stream
    // ends, and the browser reconnects and is checked again.
    const recheck = async () => {
      try {
        const now = await sessionNow()
        const access = now && (await accessFingerprint(await contextOf(now)))
        if (access === fingerprint) {
          if (hasNews?.() ?? true) onChange()
          return
        }
      } catch (error) {
        if (!isAppError(error))
          webLog().warn({ error, requestId: ctx.origin.requestId }, 'could not check the access of a live page again')
      }
      onChange()
      setTimeout(end, 2 * gatherMs)
    }
    const onDatabaseChange = () => void recheck()
    const stopPerson = notifications().onPerson(session.actor.userId, onDatabaseChange)
    const finish = () => {
      clearTimeout(gathering)
      stopPerson()
    }
    signal.addEventListener('abort', finish, { once: true })
    if (signal.aborted) finish()

    watch(ctx, { onDatabaseChange, onChange, signal }).catch((error: unknown) => {
      if (!isAppError(error) && !signal.aborted)
        webLog().error({ error, requestId: ctx.origin.requestId }, 'the stream of a live page failed')
      end()
    })
    return sendChange
  })
