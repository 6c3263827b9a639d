import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'
import 'server-only'
import type { LiveSession } from '#lib/auth/session/read-session.ts'
import type { NotificationMessage, NotifiedEvent, Topic } from '#lib/features/inbox/model/notification-message.ts'
import { readNews } from '#lib/features/inbox/use-cases/read-news.ts'
import { AppError, isAppError } from '#lib/kernel/model/errors.ts'
import { processValue } from '#lib/observability/process-value.ts'
import { peopleOnline } from '#lib/web/process/people-online.ts'
import { createTurns } from '#lib/web/process/turns.ts'
import { webLog } from '#lib/web/process/web-log.ts'
import { heardUntil } from './page-time.ts'
import { type LiveContext, sessionOver, sessionStream } from './session-stream.ts'

/** One stream for each browser. Each takes up to 0.4 MB of the process. */
const slots = { name: 'told', most: 8, mostOfAll: 2_000, sentence: 'Too many browsers follow at once. Reload later.' }
/** What happens within this time is one message, and messages are at least this far apart. */
const [gatherMs, restMs] = [150, 1_000]
/** Messages that are put together at once: a change that concerns everybody takes its time, not all connections. */
const messagesAtOnce = 6
/** Events become visible when their transaction ends: the last ones before a message are looked for again. */
const overlapMs = 60_000
/** Of what happened before, only the count is told. */
const maxAwayMs = 24 * 3_600_000

/**
 * A person's stream of `told` events: how much is in their inbox, which lists changed, and what happened to them. Before
 * each message the session and its person are read again; nothing is sent that they may not know then.
 * @param parse reads from the address who the page was made for, and when; called for those who are signed in
 * @throws AppError as sessionStream and `parse`; not_signed_in if somebody else is signed in by now
 */
export const livePerson = (request: Request, parse: () => { person: string; after: Date }): Promise<Response> =>
  sessionStream(request, { slots, count: true }, async ({ session, ctx, sessionNow, contextOf, send, end, signal }) => {
    const { person, after: made } = parse()
    if (session.actor.handle !== person) throw new AppError('not_signed_in')
    const after = lastHeard(request, made, new Date())
    const changed = { own: new Set<Topic>(), byRole: new Set<Topic>() }
    let last = { at: after, sentAt: 0, count: session.inbox, frame: frameOf(session), ids: new Set<string>() }
    let waiting: NodeJS.Timeout | undefined
    let isWorking = false
    // The first message says where things stand. A reader that is behind hears all the rest in one, when it has read.
    let [due, isBehind] = [true, true]

    const wake = () => {
      due = true
      if (signal.aborted) return
      const inMs = Math.max(gatherMs, last.sentAt + restMs - Date.now())
      waiting ??= setTimeout(() => {
        waiting = undefined
        void tell()
      }, inMs)
    }
    async function tell(): Promise<void> {
      if (!due || isBehind || isWorking || waiting || signal.aborted) return
      isWorking = true
      try {
        await processValue('told-turns', () => createTurns(messagesAtOnce))(compose)
      } catch (error) {
        if (!isAppError(error))
          webLog().warn({ error, requestId: ctx.origin.requestId }, 'what to tell somebody could not be read')
        end()
      } finally {
        isWorking = false
        if (due && !isBehind) wake()
      }
    }
    async function compose(): Promise<void> {
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
      const frame = frameOf(now)
      const told: NotificationMessage = {
        at: at.getTime(),
        count: now.inbox ?? 0,
        topics: [
          ...new Set([...own, ...byRole.filter(reachedBy(nowCtx, now)), ...(frame === last.frame ? [] : frameTopics)]),
        ],
        events: found.filter(({ id }) => !last.ids.has(id)),
      }
      const isNews = isFirst || told.topics.length > 0 || told.events.length > 0 || told.count !== last.count
      const ids = found.length > 0 ? idsOf(found) : last.ids
      if (isNews && !send(`id: ${told.at}\nevent: told\ndata: ${JSON.stringify(told)}\n\n`)) {
        // The reader is behind: this is said again, with what happens until then.
        for (const topic of told.topics) changed.own.add(topic)
        if (found.length > 0) changed.own.add('inbox')
        due = isBehind = true
        return
      }
      last = { at, sentAt: isNews ? Date.now() : last.sentAt, count: told.count, frame, ids }
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
      wake()
    }
    const finish = () => {
      clearTimeout(waiting)
      leave()
    }
    signal.addEventListener('abort', finish, { once: true })
    if (signal.aborted) finish()
    return () => {
      isBehind = false
      void tell()
    }
  })

const frameTopics: readonly Topic[] = ['frame']

const before = (at: Date, ms: number): Date => new Date(at.getTime() - ms)

const idsOf = (events: readonly NotifiedEvent[]): Set<string> => new Set(events.map(({ id }) => id))

/** @returns what surrounds every page of theirs, as text to compare */
const frameOf = ({ actor, groupsSuspended, alarm }: LiveSession): string =>
  JSON.stringify([actor.platformRole, actor.adminUntil, actor.isEligible, groupsSuspended, alarm])

/** @returns whether what changed for people with a role concerns one of them, as their role and the policy are now */
function reachedBy({ actor, policy }: LiveContext, session: LiveSession): (topic: Topic) => boolean {
  if (actor.platformRole === 'admin') return () => true
  const decides = [policy.roleRequests, policy.spaceRequests].some(
    ({ deciders }) =>
      deciders.who === 'group' &&
      deciders.issuer === bareIssuer(session.issuer) &&
      session.privilegedGroups.includes(deciders.group),
  )
  return (topic) => decides && topic === 'requests'
}

/** @returns when the browser last heard of anything, within bounds */
function lastHeard({ headers }: Request, made: Date, now: Date): Date {
  const heard = heardUntil(headers, made).getTime()
  return new Date(Math.min(Math.max(heard, now.getTime() - maxAwayMs), now.getTime()))
}
