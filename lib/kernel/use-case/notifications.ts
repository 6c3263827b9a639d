import { listen } from '#lib/kernel/db/listen.ts'
import { waysToPostgres } from '#lib/kernel/db/ways-to-postgres.ts'
import { recentChanges } from './recent-changes.ts'

export type ChannelMessage = { channel: string; payload: string }

export type Notifications = {
  /**
   * Calls back when the space changes in the database, and immediately if it may have changed since `after`.
   * @returns a function to unsubscribe
   */
  onSpace(spaceId: string, heard: () => void, after?: Date): () => void
  /**
   * Calls back when a session of the person may have ended, or their rights changed. @returns a function to unsubscribe
   */
  onPerson(userId: string, heard: () => void): () => void
  /**
   * Calls back with every notification that may affect what people see (`parseNotification` of
   * lib/features/inbox/model/notification-message.ts), and with null after a lost connection. @returns a function to
   * unsubscribe
   */
  onPeople(heard: (notified: ChannelMessage | null) => void): () => void
  /** Calls back when rows of the trail were sealed. @returns a function to unsubscribe */
  onTrail(heard: () => void): () => void
  connected(): boolean
  close(): Promise<void>
}

const maxSpaces = 5_000

/**
 * Listens for changes by any process, on one connection. After a lost connection it calls all subscribers, because
 * notifications may have been missed.
 */
export function openNotifications(
  config: Parameters<typeof waysToPostgres>[0],
  applicationName: string,
): Notifications {
  const waiting = new Map<string, Set<() => void>>()
  const people = new Set<(notified: ChannelMessage | null) => void>()
  const spaces = recentChanges({ maxEntries: maxSpaces, clock: Date.now })
  const notifySubscribers = (key: string) => {
    for (const heard of waiting.get(key) ?? []) heard()
  }
  const listening = listen({
    process: 'web',
    databaseUrl: waysToPostgres(config).sessions,
    applicationName,
    channels: ['spaceport_space', 'spaceport_session', 'spaceport_access', 'spaceport_trail', 'spaceport_person'],
    onMessage(channel, payload) {
      if (channel !== 'spaceport_trail') for (const heard of people) heard({ channel, payload })
      if (channel === 'spaceport_person') return
      if (channel === 'spaceport_space') spaces.note(payload)
      if (channel === 'spaceport_access') notifySubscribers(payload)
      else if (channel === 'spaceport_trail') notifySubscribers('trail')
      else notifySubscribers(`${channel === 'spaceport_space' ? 'space' : 'user'}:${payload}`)
    },
    onConnected() {
      spaces.forget()
      for (const key of waiting.keys()) notifySubscribers(key)
      for (const heard of people) heard(null)
    },
  })
  const wait = (key: string, heard: () => void) => {
    const set = waiting.get(key) ?? new Set()
    waiting.set(key, set.add(heard))
    return () => {
      set.delete(heard)
      if (set.size === 0 && waiting.get(key) === set) waiting.delete(key)
    }
  }
  return {
    onSpace(spaceId, heard, after) {
      const stop = wait(`space:${spaceId}`, heard)
      if (after && spaces.mayHaveChanged(spaceId, after)) heard()
      return stop
    },
    onPerson: (userId, heard) => wait(`user:${userId}`, heard),
    onPeople(heard) {
      people.add(heard)
      return () => people.delete(heard)
    },
    onTrail: (heard) => wait('trail', heard),
    connected: listening.connected,
    close: listening.close,
  }
}
