import Link from 'next/link'
import { Icon } from '#components/ui/icon.tsx'

export type FilterChip = {
  text: string
  /** The page's URL without this filter, or with a preset. */
  href: string
}

/** The active filters of a list, as links that remove them, and one that clears all. */
export function FilterChips({ chips, clearHref }: { chips: readonly FilterChip[]; clearHref: string }) {
  if (chips.length === 0) return null
  return (
    <ul aria-label="Filters" className="flex flex-wrap items-center gap-2 text-sm">
      {chips.map(({ text, href }) => (
        <li key={href} className="min-w-0">
          <Link
            href={href}
            prefetch={false}
            className="inline-flex min-h-7 max-w-full items-center gap-1.5 rounded-full bg-accent-soft px-2.5 py-0.5 text-accent hover:underline"
          >
            <span className="sr-only">Remove the filter </span>
            <span className="wrap-anywhere">{text}</span>
            <Icon name="x" className="size-3" />
          </Link>
        </li>
      ))}
      <li>
        <Link href={clearHref} prefetch={false} className="text-link inline-flex min-h-7 items-center px-1">
          Clear filters
        </Link>
      </li>
    </ul>
  )
}

/** Common filters, as links. */
export function FilterPresets({ presets }: { presets: readonly (FilterChip & { urgent?: boolean })[] }) {
  if (presets.length === 0) return null
  return (
    <ul
      aria-label="Often looked for"
      className="flex min-w-0 items-center gap-2 text-sm overflow-x-auto p-0.5 [scrollbar-width:none] xl:flex-wrap"
    >
      {presets.map(({ text, href, urgent }) => (
        <li key={href} className="max-xl:shrink-0 xl:min-w-0">
          <Link
            href={href}
            prefetch={false}
            className={`inline-flex min-h-7 max-w-full items-center gap-1.5 rounded-full border bg-surface px-2.5 py-0.5 ${urgent ? 'text-bad' : 'text-muted hover:text-ink'}`}
          >
            {urgent && <Icon name="alert-circle" className="size-3.5" />}
            {text}
          </Link>
        </li>
      ))}
    </ul>
  )
}
