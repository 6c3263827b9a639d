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
 * A stream of `change` events for a page. It says that something changed, never what: the page then asks as usual. Each
 * has its time as its id, which browsers send when they come back (`heardUntil`). The stream also ends when the person
 * may no longer see the page.
 * @throws AppError as sessionStream, and as `judge`
 */
export const liveStream = (request: Request, { judge, isNews, watch }: Live): Promise<Response> =>
  sessionStream(request, { slots }, async ({ session, ctx, sessionNow, contextOf, send, end, signal }) => {
    const fingerprint = await judge(ctx)
    let gathering: NodeJS.Timeout | undefined
    let unsaid = false
    const say = () => {
      if (unsaid && send(`event: change\nid: ${Date.now()}\ndata: {}\n\n`)) unsaid = false
    }
    const onChange = () => {
      gathering ??= setTimeout(() => {
        gathering = undefined
        unsaid = true
        say()
      }, gatherMs)
    }
    // After each change in the database: is the session still alive, and does the person still have the same access? If
    // not, the stream ends, and the browser reconnects and is checked again.
    const recheck = async () => {
      try {
        const now = await sessionNow()
        const access = now && (await judge(await contextOf(now)))
        if (access === fingerprint) {
          if (isNews?.() ?? true) onChange()
          return
        }
      } catch (error) {
        if (!isAppError(error))
          webLog().warn({ error, requestId: ctx.origin.requestId }, 'the access of a live page could not be rechecked')
      }
      onChange()
      setTimeout(end, 2 * gatherMs)
    }
    const heard = () => void recheck()
    const stopPerson = notifications().onPerson(session.actor.userId, heard)
    const finish = () => {
      clearTimeout(gathering)
      stopPerson()
    }
    signal.addEventListener('abort', finish, { once: true })
    if (signal.aborted) finish()

    watch(ctx, { heard, onChange, signal }).catch((error: unknown) => {
      if (!isAppError(error) && !signal.aborted)
        webLog().error({ error, requestId: ctx.origin.requestId }, 'the stream of a live page failed')
      end()
    })
    return say
  })
