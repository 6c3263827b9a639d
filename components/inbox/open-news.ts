import type { NotifiedEvent } from '#lib/features/inbox/model/notification-message.ts'

const stored = 'spaceport:told'
const maxKnown = 60
/** The most toasts at once. */
const maxToasts = 3

/** A toast. `id` null: a summary. */
type Toast = { id: string | null; message: string; label: string; path: string; isAlarm: boolean }

/** Events not yet shown in this tab. Remembers shown ones across reloads. */
export function openNews() {
  const known = new Set<string>(readKnown())
  let waiting: NotifiedEvent[] = []
  return {
    /** @param events newest first */
    add(events: readonly NotifiedEvent[]): void {
      const fresh = events.filter(({ id }) => !known.has(id))
      if (fresh.length === 0) return
      for (const { id } of fresh) known.add(id)
      waiting.push(...fresh.toReversed())
      keepKnown([...known].slice(-maxKnown))
    },
    /** @returns the toasts to show now, oldest first; of many events only the newest, and a count of the others */
    take(isWanted: (event: NotifiedEvent) => boolean): Toast[] {
      const wanted = waiting.filter(isWanted)
      waiting = []
      if (wanted.length <= maxToasts) return wanted.map(toToast)
      const more = {
        id: null,
        message: `${wanted.length - maxToasts + 1} more events.`,
        label: 'Inbox',
        path: '/inbox',
        isAlarm: false,
      }
      return [more, ...wanted.slice(1 - maxToasts).map(toToast)]
    },
  }
}

const toToast = ({ id, sentence, path, isAlarm }: NotifiedEvent): Toast => ({
  id,
  message: sentence,
  label: 'Open',
  path,
  isAlarm,
})

function readKnown(): string[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(stored) ?? '[]')
    return Array.isArray(kept) ? kept : []
  } catch {
    return []
  }
}

function keepKnown(ids: readonly string[]): void {
  try {
    sessionStorage.setItem(stored, JSON.stringify(ids))
  } catch {
    // Without storage, the next page may repeat a toast.
  }
}
