import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'
import 'server-only'
import type { LiveSession } from '#lib/auth/session/read-session.ts'
import type { NotificationMessage, NotifiedEvent, Topic } from '#lib/features/inbox/model/notification-message.ts'
import { readNews } from '#lib/features/inbox/use-cases/read-news.ts'
import { createQueues } from '#lib/kernel/limits/queues.ts'
import { AppError, isAppError } from '#lib/kernel/model/errors.ts'
import { processValue } from '#lib/observability/process-value.ts'
import { peopleOnline } from '#lib/web/process/people-online.ts'
import { webLog } from '#lib/web/process/web-log.ts'
import { lastEventTime } from './page-time.ts'
import { type LiveContext, sessionOver, sessionStream } from './session-stream.ts'

/** One stream per browser. Each takes up to 0.4 MB of the process. */
const slots = { name: 'told', most: 8, mostOfAll: 2_000, sentence: 'Too many open browsers. Reload later.' }
/** In milliseconds: events within the first time form one message; messages are at least the second time apart. */
const [gatherMs, restMs] = [150, 1_000]
/** Messages prepared at once, so that a change that affects everyone doesn't take all connections. */
const messagesAtOnce = 6
/** Events become visible when their transaction ends, so each message also looks for late ones within this time. */
const overlapMs = 60_000
/** For events older than this, only the count is sent. */
const maxAwayMs = 24 * 3_600_000

/**
 * A person's stream of `told` events: inbox count, changed lists and new events. Session and person are read again
 * before each message, so that it contains only what they may still see.
 * @param parse reads the page's person and time from the URL; called only for signed-in people
 * @throws AppError as sessionStream and `parse`; not_signed_in if another person is signed in now
 */
export const livePerson = (request: Request, parse: () => { person: string; after: Date }): Promise<Response> =>
  sessionStream(request, { slots, count: true }, async ({ session, ctx, sessionNow, contextOf, send, end, signal }) => {
    const { person, after: made } = parse()
    if (session.actor.handle !== person) throw new AppError('not_signed_in')
    const after = streamStart(request, made, new Date())
    const changed = { own: new Set<Topic>(), byRole: new Set<Topic>() }
    let last = { at: after, sentAt: 0, count: session.inbox, frame: frameState(session), ids: new Set<string>() }
    let waiting: NodeJS.Timeout | undefined
    let isSending = false
    // The first message is the current state. A slow reader gets everything missed in one message, once it has read.
    let [due, isBehind] = [true, true]

    const schedule = () => {
      due = true
      if (signal.aborted) return
      const inMs = Math.max(gatherMs, last.sentAt + restMs - Date.now())
      waiting ??= setTimeout(() => {
        waiting = undefined
        void sendMessage()
      }, inMs)
    }
    async function sendMessage(): Promise<void> {
      if (!due || isBehind || isSending || waiting || signal.aborted) return
      isSending = true
      try {
        await processValue('composing', () => createQueues(messagesAtOnce)).run('', composeMessage)
      } catch (error) {
        if (!isAppError(error))
          webLog().warn({ error, requestId: ctx.origin.requestId }, 'could not read a person’s events')
        end()
      } finally {
        isSending = false
        if (due && !isBehind) schedule()
      }
    }
    async function composeMessage(): Promise<void> {
      if (signal.aborted) return
      due = false
      const [own, byRole] = [[...changed.own], [...changed.byRole]]
      changed.own.clear()
      changed.byRole.clear()
      const at = new Date()
      const now = await sessionNow()
      if (!now) {
        send(sessionOver)
        return end()
      }
      const nowCtx = await contextOf(now)
      const isFirst = last.sentAt === 0
      const found =
        isFirst || own.includes('inbox') ? await readNews(nowCtx, { since: before(last.at, overlapMs) }) : []
      const frame = frameState(now)
      const told: NotificationMessage = {
        at: at.getTime(),
        count: now.inbox ?? 0,
        topics: [
          ...new Set([...own, ...byRole.filter(affects(nowCtx, now)), ...(frame === last.frame ? [] : frameTopics)]),
        ],
        events: found.filter(({ id }) => !last.ids.has(id)),
      }
      const hasNews = isFirst || told.topics.length > 0 || told.events.length > 0 || told.count !== last.count
      const ids = found.length > 0 ? idsOf(found) : last.ids
      if (hasNews && !send(`id: ${told.at}\nevent: told\ndata: ${JSON.stringify(told)}\n\n`)) {
        // The reader is behind: send this again with the next changes.
        for (const topic of told.topics) changed.own.add(topic)
        if (found.length > 0) changed.own.add('inbox')
        due = isBehind = true
        return
      }
      last = { at, sentAt: hasNews ? Date.now() : last.sentAt, count: told.count, frame, ids }
    }

    const leave = peopleOnline().join(
      {
        userId: session.actor.userId,
        own: (topics) => note(changed.own, topics),
        byRole: (topics) => note(changed.byRole, topics),
      },
      after,
    )
    function note(into: Set<Topic>, topics: readonly Topic[]): void {
      for (const topic of topics) into.add(topic)
      schedule()
    }
    const finish = () => {
      clearTimeout(waiting)
      leave()
    }
    signal.addEventListener('abort', finish, { once: true })
    if (signal.aborted) finish()
    return () => {
      isBehind = false
      void sendMessage()
    }
  })

const frameTopics: readonly Topic[] = ['frame']

const before = (at: Date, ms: number): Date => new Date(at.getTime() - ms)

const idsOf = (events: readonly NotifiedEvent[]): Set<string> => new Set(events.map(({ id }) => id))

/** @returns the state of the page's frame, as a string to compare */
const frameState = ({ actor, groupsSuspended, alarm }: LiveSession): string =>
  JSON.stringify([actor.platformRole, actor.adminUntil, actor.isEligible, groupsSuspended, alarm])

/** @returns whether a change for people with a role affects this person, given their current role and policy */
function affects({ actor, policy }: LiveContext, session: LiveSession): (topic: Topic) => boolean {
  if (actor.platformRole === 'admin') return () => true
  const decides = [policy.roleRequests, policy.spaceRequests].some(
    ({ deciders }) =>
      deciders.who === 'group' &&
      deciders.issuer === bareIssuer(session.issuer) &&
      session.privilegedGroups.includes(deciders.group),
  )
  return (topic) => decides && topic === 'requests'
}

/** @returns when the browser last received an event, within bounds */
function streamStart({ headers }: Request, made: Date, now: Date): Date {
  const last = lastEventTime(headers, made).getTime()
  return new Date(Math.min(Math.max(last, now.getTime() - maxAwayMs), now.getTime()))
}
