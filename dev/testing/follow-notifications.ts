import type { WebFixture } from '#dev/testing/fixtures/web-fixture.ts'
import type { NotificationMessage } from '#lib/features/inbox/model/notification-message.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'

/** A person's live stream, read by a test. */
export type Followed = {
  status: number
  /** Every message so far. */
  told: (NotificationMessage & { id: string })[]
  isEnded: () => boolean
  stop: () => Promise<void>
}

type From = { after?: number; lastEventId?: string }

/**
 * Follows a person's notifications until the stream ends.
 * @param cookie of the session
 */
export async function followNotifications(
  web: WebFixture,
  person: Pick<Actor, 'handle'>,
  cookie: string,
  { after = Date.now(), lastEventId }: From = {},
): Promise<Followed> {
  const query = new URLSearchParams({ person: person.handle, after: String(after) })
  const headers = { cookie, ...(lastEventId && { 'last-event-id': lastEventId }) }
  const answer = await web.get(`/api/me/live?${query}`, headers)
  const told: Followed['told'] = []
  let ended = false
  const reader = answer.body?.getReader()
  const read = async () => {
    const decoder = new TextDecoder()
    let text = ''
    for (;;) {
      const next = await reader?.read()
      if (!next || next.done) break
      text += decoder.decode(next.value, { stream: true })
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const [, id, data] = /^id: (\d+)\nevent: told\ndata: (.*)$/.exec(block) ?? []
        if (id !== undefined && data !== undefined) told.push({ id, ...JSON.parse(data) })
      }
    }
    ended = true
  }
  void read().catch(() => {})
  return { status: answer.status, told, isEnded: () => ended, stop: async () => reader?.cancel() }
}
