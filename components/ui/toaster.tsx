'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useEffect, useEffectEvent, useState } from 'react'
import { Icon, type IconName } from './icon.tsx'
import { isToastEvent, type Toast, toastEvent } from './show-toast.ts'

type ShownToast = Toast & { id: number; since: number }

const maxShown = 3
/** Long enough to read, and longer with an action, in milliseconds. */
const shownMs = { plain: 6_000, withAction: 10_000 }
/** A toast this recent, in milliseconds, usually explains the navigation, so it stays on the next page. */
const aboutNextPageMs = 2_000

const icons: Readonly<Record<NonNullable<Toast['kind']>, [name: IconName, className: string]>> = {
  ok: ['check-circle', 'text-ok'],
  bad: ['alert-circle', 'text-bad'],
  news: ['inbox', 'text-accent'],
  alarm: ['alert-circle', 'text-bad'],
}
const pressable =
  'inline-flex min-h-7 shrink-0 items-center rounded-md px-2 font-medium text-accent hover:bg-accent-soft'

/**
 * Rendered once, in the root layout. Toasts stay while the pointer or the focus is on them, and disappear with their
 * page. A polite live region, since `role="status"` is reserved for a space's status.
 */
export function Toaster() {
  const [toasts, setToasts] = useState<readonly ShownToast[]>([])
  const [paused, setPaused] = useState(false)
  const path = usePathname()

  useEffect(() => {
    let last = 0
    const onToast = (event: Event) => {
      if (!isToastEvent(event)) return
      const toast = { ...event.detail, id: ++last, since: Date.now() }
      setToasts((now) => [...now.slice(1 - maxShown), toast])
    }
    window.addEventListener(toastEvent, onToast)
    return () => window.removeEventListener(toastEvent, onToast)
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: another path is another page
  useEffect(() => {
    const before = Date.now() - aboutNextPageMs
    const stays = ({ since, kind }: ShownToast) => since > before || kind === 'news' || kind === 'alarm'
    setToasts((now) => (now.every(stays) ? now : now.filter(stays)))
  }, [path])

  const dismiss = (id: number) => {
    setToasts((now) => now.filter((toast) => toast.id !== id))
    setPaused(false)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only pauses while a person reads
    <div
      aria-live="polite"
      onPointerEnter={() => setPaused(true)}
      onPointerLeave={() => setPaused(false)}
      onFocus={() => setPaused(true)}
      onBlur={() => setPaused(false)}
      className="pointer-events-none fixed inset-x-4 bottom-4 z-40 flex flex-col items-center gap-2 in-[html:has(.save-bar,.decision-bar)]:bottom-20 sm:left-auto sm:items-end"
    >
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} paused={paused} onEnd={() => dismiss(toast.id)} />
      ))}
    </div>
  )
}

type CardProps = { toast: Toast; paused: boolean; onEnd: () => void }

function ToastCard({ toast: { message, kind = 'ok', action, link }, paused, onEnd }: CardProps) {
  const end = useEffectEvent(onEnd)
  const [icon, color] = icons[kind]
  const ms = action || link || kind === 'bad' ? shownMs.withAction : shownMs.plain
  useEffect(() => {
    if (paused || kind === 'alarm') return
    const timer = setTimeout(() => end(), ms)
    return () => clearTimeout(timer)
  }, [paused, kind, ms])
  return (
    <div className="pointer-events-auto flex max-w-sm max-sm:not-last:hidden items-center gap-2.5 rounded-lg border bg-raised py-2 pr-2 pl-3.5 text-sm shadow-lg">
      <Icon name={icon} className={color} />
      <span className="wrap-anywhere text-pretty">{message}</span>
      {action && (
        <button
          type="button"
          className={pressable}
          onClick={() => {
            onEnd()
            action.run()
          }}
        >
          {action.label}
        </button>
      )}
      {link && (
        <Link
          href={link.href}
          prefetch={false}
          className={pressable}
          onClick={() => {
            onEnd()
            link.onFollow()
          }}
        >
          {link.label}
        </Link>
      )}
      <button
        type="button"
        aria-label="Dismiss"
        className="grid size-7 shrink-0 place-items-center rounded-md text-muted hover:bg-sunken"
        onClick={onEnd}
      >
        <Icon name="x" />
      </button>
    </div>
  )
}
