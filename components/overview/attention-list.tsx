import Link from 'next/link'
import { Icon } from '#components/ui/icon.tsx'
import { Section } from '#components/ui/section.tsx'
import type { Attention } from './attention.ts'

/** What needs somebody now, each a link; or that nothing does. */
export const AttentionList = ({ items }: { items: readonly Attention[] }) => (
  <Section title="Needs attention" content="flush">
    {items.length === 0 ? (
      <p className="flex items-center gap-2.5 px-4 py-3.5 text-sm sm:px-5">
        <Icon name="check-circle" className="size-4 shrink-0 text-ok" />
        Nothing needs you right now.
      </p>
    ) : (
      <ul className="divide-y">
        {items.map(({ tone, says, href }) => (
          <li key={says}>
            <Link
              href={href}
              prefetch={false}
              className="group flex min-h-11 items-center gap-2.5 px-4 py-2.5 text-sm hover:bg-sunken/60 focus-visible:-outline-offset-2 sm:px-5"
            >
              <Icon
                name={tone === 'bad' ? 'alert-circle' : 'alert-triangle'}
                className={tone === 'bad' ? 'size-4 shrink-0 text-bad' : 'size-4 shrink-0 text-warn'}
              />
              <span className="wrap-anywhere min-w-0 flex-1 group-hover:underline">{says}</span>
              <Icon name="chevron-right" className="size-3.5 shrink-0 text-muted" />
            </Link>
          </li>
        ))}
      </ul>
    )}
  </Section>
)
