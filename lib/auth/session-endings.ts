import { listen } from '../db/listen.ts'

export type SessionEndings = {
  /** Calls back when a session of the person may have ended. @returns what stops that */
  watch(userId: string, onEnded: () => void): () => void
  close(): Promise<void>
}

/** Hears of sessions that end, in whichever process; pages that are kept up to date hold on to nothing longer than that. */
export function createSessionEndings(databaseUrl: string): SessionEndings {
  const watchers = new Map<string, Set<() => void>>()
  const tell = (userId: string) => {
    for (const onEnded of watchers.get(userId) ?? []) onEnded()
  }
  const tellAll = () => {
    for (const userId of watchers.keys()) tell(userId)
  }
  const listening = listen({
    databaseUrl,
    applicationName: 'spaceport-web-sessions',
    channels: ['spaceport_session', 'spaceport_access'],
    onMessage(channel, payload) {
      if (channel === 'spaceport_session') tell(payload)
      else if (payload.startsWith('user:')) tell(payload.slice('user:'.length))
    },
    // What was said while nobody listened is lost: everybody looks again.
    onConnected: tellAll,
  })
  return {
    watch(userId, onEnded) {
      const set = watchers.get(userId) ?? new Set()
      watchers.set(userId, set.add(onEnded))
      return () => {
        set.delete(onEnded)
        if (set.size === 0 && watchers.get(userId) === set) watchers.delete(userId)
      }
    },
    close: () => listening.close(),
  }
}
