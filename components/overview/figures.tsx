import Link from 'next/link'
import type { ReactNode } from 'react'
import { classNames } from '#components/ui/class-names.ts'
import { LinkPending } from '#components/ui/link-pending.tsx'

export type Figure = {
  label: string
  value: number
  /** The list that shows exactly these. */
  href: string
  /** Set if any number above zero is a problem. */
  tone?: 'warn' | 'bad'
}

const tones = { warn: 'text-warn', bad: 'text-bad' } as const

const number = new Intl.NumberFormat('en')

/** Formats a number for the overview. */
export const inFigures = (value: number): string => number.format(value)

type Props = {
  title: string
  total: Figure
  /** Shown unless zero. */
  parts: readonly Figure[]
  children?: ReactNode
}

/** A cell of the overview’s strip: a total, and the parts of it that matter now. Each links to what it counts. */
export const Figures = ({ title, total, parts, children }: Props) => (
  <section aria-label={title} className="strip-cell">
    <p className="text-muted text-xs">{title}</p>
    <p className="mt-0.5">
      <Link href={total.href} prefetch={false} className="group relative text-muted text-sm">
        <span className="font-semibold text-ink text-lg tabular-nums">{inFigures(total.value)}</span>{' '}
        <span className="group-hover:underline">{total.label}</span>
        <LinkPending />
      </Link>
    </p>
    <ul className="mt-1">
      {parts
        .filter(({ value }) => value > 0)
        .map(({ label, value, href, tone }) => (
          <li key={href}>
            <Link
              href={href}
              prefetch={false}
              className={classNames(
                'relative inline-flex min-h-6 items-center text-xs tabular-nums hover:underline',
                tone ? tones[tone] : 'text-muted',
              )}
            >
              {inFigures(value)} {label}
              <LinkPending />
            </Link>
          </li>
        ))}
    </ul>
    {children && <p className="text-muted text-xs leading-6">{children}</p>}
  </section>
)
