import { listen } from '#lib/db/listen.ts'

export type Notifications = {
  /** Calls back when something about the space changed in the database. @returns what stops that */
  onSpace(spaceId: string, heard: () => void): () => void
  /** Calls back when a session of the person may have ended, or what they may do changed. @returns what stops that */
  onPerson(userId: string, heard: () => void): () => void
  connected(): boolean
  close(): Promise<void>
}

/**
 * Hears of changes, whichever process made them, on one connection for everybody who waits.
 * After the connection was lost, everybody is called: what was said meanwhile is not known.
 */
export function openNotifications(databaseUrl: string, applicationName: string): Notifications {
  const waiting = new Map<string, Set<() => void>>()
  const tell = (key: string) => {
    for (const heard of waiting.get(key) ?? []) heard()
  }
  const listening = listen({
    process: 'web',
    databaseUrl,
    applicationName,
    channels: ['spaceport_space', 'spaceport_session', 'spaceport_access'],
    onMessage(channel, payload) {
      if (channel === 'spaceport_access') tell(payload)
      else tell(`${channel === 'spaceport_space' ? 'space' : 'user'}:${payload}`)
    },
    onConnected() {
      for (const key of waiting.keys()) tell(key)
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
    onSpace: (spaceId, heard) => wait(`space:${spaceId}`, heard),
    onPerson: (userId, heard) => wait(`user:${userId}`, heard),
    connected: listening.connected,
    close: listening.close,
  }
}
