/**
 * How long an unattended page keeps refreshing, in milliseconds: refreshes count as use of the session, which must be
 * able to expire.
 */
const unattendedMs = 10 * 60_000
const signsOfLife = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const

type Pace = {
  refresh: () => void
  stop: () => void
}

/**
 * Runs a function after changes, one run at a time, and not while the page is hidden or unattended; it catches up
 * later.
 * @param run may be slow: the next run waits for it and the rest period
 * @param restMs the minimum time between two runs; read before each
 */
export function startPace(run: () => Promise<void> | void, restMs: () => number): Pace {
  let waiting: ReturnType<typeof setTimeout> | undefined
  let last = 0
  let attendedAt = Date.now()
  let missed = false
  let running = false
  let again = false
  let stopped = false

  const isUnattended = () => document.hidden || Date.now() - attendedAt > unattendedMs

  function refresh() {
    missed = isUnattended()
    if (running) again = true
    if (waiting || missed || running) return
    waiting = setTimeout(act, Math.max(0, last + restMs() - Date.now()))
  }
  async function act() {
    waiting = undefined
    // Also for a laptop that slept: its timers fire when it wakes.
    missed = isUnattended()
    if (missed) return
    running = true
    try {
      await run()
    } finally {
      running = false
      last = Date.now()
      if (again && !stopped) {
        again = false
        refresh()
      }
    }
  }
  function onLife(event: Event) {
    // Browsers also report a resting pointer when the page moves below it.
    if (event instanceof PointerEvent && event.type === 'pointermove' && !event.movementX && !event.movementY) return
    attendedAt = Date.now()
    if (missed) refresh()
  }
  function onVisibility() {
    if (document.hidden) return
    attendedAt = Date.now()
    if (missed) refresh()
  }
  document.addEventListener('visibilitychange', onVisibility)
  for (const sign of signsOfLife) addEventListener(sign, onLife, { passive: true })
  return {
    refresh,
    stop() {
      stopped = true
      document.removeEventListener('visibilitychange', onVisibility)
      for (const sign of signsOfLife) removeEventListener(sign, onLife)
      clearTimeout(waiting)
    },
  }
}
