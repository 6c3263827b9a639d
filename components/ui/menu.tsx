'use client'

import Link from 'next/link'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { classNames } from './class-names.ts'
import { Icon, type IconName } from './icon.tsx'

type MenuProps = {
  /** The button's name. */
  label: string
  /** MenuLink and MenuAction, and plain text between them. */
  children: ReactNode
  className?: string
}

const itemClass =
  'flex min-h-9 w-full items-center gap-2 rounded-md px-2.5 py-1.5 text-left text-sm hover:bg-sunken focus:bg-sunken'

/** A menu button (https://www.w3.org/WAI/ARIA/apg/patterns/menu-button/): arrows move, Escape and Tab close. */
export function Menu({ label, children, className }: MenuProps) {
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const menuId = useId()
  const items = () => [...(root.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])]

  useEffect(() => {
    if (!open) return
    root.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus()
    const onPress = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false)
    }
    document.addEventListener('pointerdown', onPress)
    return () => document.removeEventListener('pointerdown', onPress)
  }, [open])

  function onKey(event: KeyboardEvent) {
    if (!open) {
      if (event.key === 'ArrowDown') {
        event.preventDefault()
        setOpen(true)
      }
      return
    }
    if (event.key === 'Escape') {
      setOpen(false)
      button.current?.focus()
      return
    }
    if (event.key === 'Tab') return setOpen(false)
    const all = items()
    const at = all.findIndex((item) => item.matches(':focus'))
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (next === undefined) return
    event.preventDefault()
    all[(next + all.length) % all.length]?.focus()
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the button and the items inside
    <div ref={root} className={classNames('relative', className)} onKeyDown={onKey}>
      <button
        ref={button}
        type="button"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? menuId : undefined}
        onClick={() => setOpen(!open)}
        className="inline-flex min-h-9 max-w-full items-center gap-1.5 rounded-md px-2 font-medium text-sm hover:bg-sunken"
      >
        <span className="truncate">{label}</span>
        <Icon name="chevron-down" className="text-muted" />
      </button>
      {open && (
        <div
          id={menuId}
          role="menu"
          aria-label={label}
          className="absolute right-0 z-30 mt-1 w-max min-w-52 max-w-[min(20rem,calc(100vw-2rem))] rounded-lg border bg-raised p-1 shadow-lg"
        >
          {children}
        </div>
      )}
    </div>
  )
}

/** A link in a menu. */
export function MenuLink({ href, icon, children }: { href: string; icon?: IconName; children: ReactNode }) {
  return (
    <Link href={href} prefetch={false} role="menuitem" tabIndex={-1} className={itemClass}>
      {icon && <Icon name={icon} className="text-muted" />}
      {children}
    </Link>
  )
}

/** An item that submits the enclosing form. */
export function MenuAction({ icon, children }: { icon?: IconName; children: ReactNode }) {
  return (
    <button type="submit" role="menuitem" tabIndex={-1} className={itemClass}>
      {icon && <Icon name={icon} className="text-muted" />}
      {children}
    </button>
  )
}

/** A line between groups of items. */
export const MenuSeparator = () => <hr className="my-1" />
