'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import {
  createContext,
  type KeyboardEvent,
  type ReactNode,
  useContext,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react'
import { classNames } from './class-names.ts'
import { Icon, type IconName } from './icon.tsx'

const MenuClose = createContext<() => void>(() => {})

type MenuProps = {
  /** The button's name. */
  label: string
  /** What the button shows on phones instead of its name. */
  short?: string
  /** Whether it has the current page. */
  current?: boolean
  /** MenuLink, MenuAction, MenuGroup and MenuChoice, and plain text between them. */
  children: ReactNode
  className?: string
}

const anItem = '[role^="menuitem"]'

/**
 * A menu button (https://www.w3.org/WAI/ARIA/apg/patterns/menu-button/): arrow keys move; Escape, Tab, following a link
 * and navigating close it.
 */
export function Menu({ label, short, current = false, children, className }: MenuProps) {
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const menuId = useId()
  const path = usePathname()
  const [shownAt, setShownAt] = useState(path)
  if (shownAt !== path) {
    setShownAt(path)
    setOpen(false)
  }
  const items = () => [...(root.current?.querySelectorAll<HTMLElement>(anItem) ?? [])]

  useEffect(() => {
    if (!open) return
    root.current?.querySelector<HTMLElement>(anItem)?.focus()
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
        className={classNames(
          'inline-flex min-h-9 max-w-full items-center gap-1.5 rounded-md px-2 text-sm hover:bg-sunken',
          current ? 'bg-accent-soft font-semibold text-accent' : 'font-medium',
        )}
      >
        <span className={classNames('truncate', short && 'max-sm:sr-only')}>{label}</span>
        {short && (
          <span aria-hidden className="rounded-full bg-neutral-soft px-1.5 py-0.5 text-xs sm:hidden">
            {short}
          </span>
        )}
        <Icon name="chevron-down" className={current ? 'text-accent' : 'text-muted'} />
      </button>
      {open && (
        <div
          id={menuId}
          role="menu"
          aria-label={label}
          className="absolute right-0 z-30 mt-1 w-max min-w-52 max-w-[min(20rem,calc(100vw-2rem))] rounded-lg border bg-raised p-1 shadow-lg"
        >
          <MenuClose value={() => setOpen(false)}>{children}</MenuClose>
        </div>
      )}
    </div>
  )
}

type MenuLinkProps = {
  href: string
  icon?: IconName
  /** For a page of another site. */
  newTab?: boolean
  /** Whether it leads to the current page. */
  current?: boolean
  children: ReactNode
}

export function MenuLink({ href, icon, newTab = false, current = false, children }: MenuLinkProps) {
  const close = useContext(MenuClose)
  return (
    <Link
      href={href}
      prefetch={false}
      role="menuitem"
      tabIndex={-1}
      aria-current={current ? 'page' : undefined}
      className={classNames('choice', current && 'font-semibold text-accent')}
      {...(newTab ? { target: '_blank', rel: 'noreferrer', onClick: close } : { onNavigate: close })}
    >
      {icon && <Icon name={icon} className="text-muted" />}
      {children}
      {newTab && <Icon name="external" className="ml-auto text-muted" />}
    </Link>
  )
}

/** An item that submits the enclosing form. */
export function MenuAction({ icon, children }: { icon?: IconName; children: ReactNode }) {
  return (
    <button type="submit" role="menuitem" tabIndex={-1} className="choice">
      {icon && <Icon name={icon} className="text-muted" />}
      {children}
    </button>
  )
}

/** Items under a heading. */
export function MenuGroup({ label, children }: { label: string; children: ReactNode }) {
  const labelId = useId()
  return (
    // biome-ignore lint/a11y/useSemanticElements: a menu has groups, not fieldsets
    <div role="group" aria-labelledby={labelId}>
      <p id={labelId} className="px-2.5 pt-1.5 pb-0.5 text-muted text-xs">
        {label}
      </p>
      {children}
    </div>
  )
}

type MenuChoiceProps<T extends string> = {
  label: string
  options: readonly { value: T; label: string }[]
  value: T
  onChoose: (value: T) => void
}

/** A choice that leaves the menu open. */
export const MenuChoice = <T extends string>({ label, options, value, onChoose }: MenuChoiceProps<T>) => (
  <MenuGroup label={label}>
    {options.map((option) => (
      <button
        key={option.value}
        type="button"
        role="menuitemradio"
        aria-checked={option.value === value}
        tabIndex={-1}
        className="choice"
        onClick={() => onChoose(option.value)}
      >
        {option.value === value ? <Icon name="check" className="text-accent" /> : <span className="size-4" />}
        {option.label}
      </button>
    ))}
  </MenuGroup>
)

/** A checkbox that leaves the menu open. */
export const MenuCheck = ({
  label,
  checked,
  onChange,
}: {
  label: string
  checked: boolean
  onChange: (on: boolean) => void
}) => (
  <button
    type="button"
    role="menuitemcheckbox"
    aria-checked={checked}
    tabIndex={-1}
    className="choice"
    onClick={() => onChange(!checked)}
  >
    {checked ? <Icon name="check" className="text-accent" /> : <span className="size-4" />}
    {label}
  </button>
)

export const MenuSeparator = () => <hr className="my-1" />
