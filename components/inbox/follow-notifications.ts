import type { NotificationMessage } from '#lib/features/inbox/model/notification-message.ts'

/** The server says every 15 seconds that it is still there. */
const silentMs = 50_000
const lookEveryMs = 10_000
/** Between attempts, where the server refuses: at first, and at most. */
const refusedMs = { first: 15_000, most: 5 * 60_000 }

type Following = {
  /** Whose page this is: if somebody else is signed in by now, nothing is heard. */
  person: string
  /** When the page was made, in milliseconds since the epoch. */
  after: number
  onNotification: (told: NotificationMessage) => void
}

/**
 * Follows what concerns the person. All tabs of a browser share one stream: the tab that was visible last has it, and
 * tells the others. Hidden tabs hear as well, and another takes over when that one closes.
 * @returns how to stop
 */
export function followNotifications({ person, after, onNotification }: Following): () => void {
  const name = `spaceport-told-${person}`
  const others = new BroadcastChannel(name)
  const stopping = new AbortController()
  const { signal } = stopping
  let latest = after
  let source: EventSource | null = null
  let aliveAt = 0
  let refusals = 0
  let later: ReturnType<typeof setTimeout> | undefined
  let release: (() => void) | null = null
  let queued: AbortController | null = null

  function hear(told: NotificationMessage) {
    latest = Math.max(latest, told.at)
    onNotification(told)
  }
  function open() {
    close()
    aliveAt = Date.now()
    const opened = new EventSource(`/api/me/live?${new URLSearchParams({ person, after: String(latest) })}`)
    source = opened
    opened.addEventListener('still', () => {
      aliveAt = Date.now()
    })
    opened.addEventListener('told', ({ data }) => {
      aliveAt = Date.now()
      refusals = 0
      const told: NotificationMessage = JSON.parse(data)
      others.postMessage(told)
      hear(told)
    })
    // Until somebody looks at the page again: they may have signed in elsewhere.
    opened.addEventListener('over', () => opened.close())
    opened.onerror = () => {
      if (opened.readyState !== EventSource.CLOSED || opened !== source) return
      later = setTimeout(open, Math.min(refusedMs.first * 2 ** refusals++, refusedMs.most))
    }
  }
  function close() {
    clearTimeout(later)
    source?.close()
    source = null
  }
  /** Takes the stream: at once from another tab, or when its turn comes. */
  function take(at: 'once' | 'turn') {
    // Where the browser has no locks, each tab follows while it is visible.
    if (!navigator.locks) return document.hidden ? close() : open()
    queued?.abort()
    queued = at === 'turn' ? new AbortController() : null
    let held = false
    const hold = () => {
      held = true
      open()
      return new Promise<void>((resolve) => {
        release = resolve
      })
    }
    const lock = navigator.locks.request(name, queued ? { signal: queued.signal } : { steal: true }, hold)
    const end = () => {
      if (!held) return
      close()
      release = null
      if (!signal.aborted) take('turn')
    }
    lock.then(end, end)
  }
  const onVisibility = () => {
    if (!document.hidden && release) return open()
    if (!document.hidden || !navigator.locks) take('once')
  }
  // A laptop that slept, a network that changed: nobody says that the connection is gone.
  const watch = setInterval(() => {
    if (source?.readyState === EventSource.OPEN && Date.now() - aliveAt > silentMs) open()
  }, lookEveryMs)

  others.addEventListener('message', ({ data }: MessageEvent<NotificationMessage>) => hear(data), { signal })
  document.addEventListener('visibilitychange', onVisibility, { signal })
  take(document.hidden ? 'turn' : 'once')
  return () => {
    stopping.abort()
    clearInterval(watch)
    queued?.abort()
    release?.()
    close()
    others.close()
  }
}
