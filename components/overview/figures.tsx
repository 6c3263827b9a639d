import Link from 'next/link'
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

/**
 * Numbers at a glance, each linked to what it counts.
 * @param wide whether they take the page’s full width
 */
export const Figures = ({ items, wide = false }: { items: readonly Figure[]; wide?: boolean }) => (
  <ul className={classNames('-m-2 grid grid-cols-2 gap-1', wide && 'sm:grid-cols-3 lg:grid-cols-6')}>
    {items.map(({ label, value, href, tone }) => (
      <li key={href}>
        <Link
          href={href}
          prefetch={false}
          className="group relative flex h-full flex-col rounded-md p-2 hover:bg-sunken"
        >
          <span
            className={classNames(
              'font-semibold text-2xl tabular-nums tracking-tight',
              value === 0 ? 'text-muted' : tone && tones[tone],
            )}
          >
            {inFigures(value)}
          </span>{' '}
          <span className="text-muted text-sm group-hover:underline">{label}</span>
          <LinkPending />
        </Link>
      </li>
    ))}
  </ul>
)
