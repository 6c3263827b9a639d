import Link from 'next/link'
import { classNames } from '#components/ui/class-names.ts'
import { LinkPending } from '#components/ui/link-pending.tsx'

export type Figure = {
  label: string
  value: number
  /** The list that shows exactly these. */
  href: string
  /** Where there is any, it is no good news. */
  tone?: 'warn' | 'bad'
}

const tones = { warn: 'text-warn', bad: 'text-bad' } as const

const number = new Intl.NumberFormat('en')

/** A number as it is shown everywhere on the overview. */
export const inFigures = (value: number): string => number.format(value)

/** Numbers to read at a glance, each a link to what it counts. @param wide whether they have the page’s width */
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
