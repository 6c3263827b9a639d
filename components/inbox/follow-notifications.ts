import type { NotificationMessage } from '#lib/features/inbox/model/notification-message.ts'

/** The server sends a heartbeat every 15 seconds. */
const silentMs = 50_000
const lookEveryMs = 10_000
/** Delay between attempts when the server refuses: first and longest. */
const refusedMs = { first: 15_000, most: 5 * 60_000 }

type Following = {
  /** The page's person: if someone else has signed in since, the stream sends nothing. */
  person: string
  /** When the page was rendered, in milliseconds since the epoch. */
  after: number
  onNotification: (message: NotificationMessage) => void
}

/**
 * Follows the person's event stream. All tabs of a browser share one: the tab that was visible last has it and
 * broadcasts to the others, hidden tabs included. When it closes, another tab takes over.
 * @returns a function that stops
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

  function receive(message: NotificationMessage) {
    latest = Math.max(latest, message.at)
    onNotification(message)
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
      const message: NotificationMessage = JSON.parse(data)
      others.postMessage(message)
      receive(message)
    })
    // Until the page is visible again: the person may have signed in elsewhere.
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
  /** Takes the stream: immediately from another tab, or in turn. */
  function take(at: 'once' | 'turn') {
    // Without the Web Locks API, each tab follows while it is visible.
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
  // After sleep or a network change, nothing reports the lost connection.
  const watch = setInterval(() => {
    if (source?.readyState === EventSource.OPEN && Date.now() - aliveAt > silentMs) open()
  }, lookEveryMs)

  others.addEventListener('message', ({ data }: MessageEvent<NotificationMessage>) => receive(data), { signal })
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
