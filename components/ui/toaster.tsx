'use client'

import { useEffect, useState } from 'react'
import { Icon } from './icon.tsx'
import { toastEvent } from './show-toast.ts'

type Toast = { id: number; message: string }

const shownMs = 6_000

/** Where toasts appear; once, in the root layout. A polite live region: `role="status"` is a space's alone. */
export function Toaster() {
  const [toasts, setToasts] = useState<Toast[]>([])
  useEffect(() => {
    let last = 0
    const timers = new Set<ReturnType<typeof setTimeout>>()
    const onToast = (event: Event) => {
      if (!(event instanceof CustomEvent) || typeof event.detail !== 'string') return
      const toast = { id: ++last, message: event.detail }
      setToasts((now) => [...now.slice(-2), toast])
      timers.add(setTimeout(() => setToasts((now) => now.filter(({ id }) => id !== toast.id)), shownMs))
    }
    window.addEventListener(toastEvent, onToast)
    return () => {
      window.removeEventListener(toastEvent, onToast)
      for (const timer of timers) clearTimeout(timer)
    }
  }, [])
  return (
    <div
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-4 z-40 flex flex-col items-center gap-2 sm:left-auto sm:items-end"
    >
      {toasts.map((toast) => (
        <div
          key={toast.id}
          className="pointer-events-auto flex max-w-sm items-center gap-2.5 rounded-lg border bg-raised py-2 pr-2 pl-3.5 text-sm shadow-lg"
        >
          <Icon name="check-circle" className="text-ok" />
          <span>{toast.message}</span>
          <button
            type="button"
            aria-label="Dismiss"
            className="grid size-7 place-items-center rounded-md text-muted hover:bg-sunken"
            onClick={() => setToasts((now) => now.filter(({ id }) => id !== toast.id))}
          >
            <Icon name="x" />
          </button>
        </div>
      ))}
    </div>
  )
}
