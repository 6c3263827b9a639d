import Link from 'next/link'
import { standingLabel } from '#components/spaces/standing-label.ts'
import { Icon } from '#components/ui/icon.tsx'
import { groupLabel } from '#lib/domain/group-label.ts'
import type { SpaceFilter, SpaceQuery } from '#lib/domain/space-query.ts'
import { statusLabels } from '#lib/domain/space-status.ts'
import { isFiltered, spaceListPath } from './space-search.ts'

type Props = { query: SpaceQuery; ownerName: string | null }

/** What the list is filtered by: a link for each that takes it away, and one for all. The order stays. */
export function FilterChips({ query, ownerName }: Props) {
  if (!isFiltered(query)) return null
  const { search, status, owner, role, group, issuer, size, cluster, ends, sort, descending } = query
  const without = (name: keyof SpaceFilter) => spaceListPath({ ...query, page: 1, [name]: undefined })
  const chips = [
    search && { text: `“${search}”`, href: without('search') },
    status && { text: statusLabels[status], href: without('status') },
    owner && { text: owner === 'me' ? 'Owned by me' : `Owned by ${ownerName ?? owner}`, href: without('owner') },
    role && { text: `My role: ${standingLabel(role)}`, href: without('role') },
    group && { text: `Group ${groupLabel(group, issuer ?? null)}`, href: without('group') },
    size && { text: `Size ${size}`, href: without('size') },
    cluster && { text: `Cluster ${cluster}`, href: without('cluster') },
    ends && { text: 'Ends within 7 days', href: without('ends') },
  ].filter((chip) => chip !== undefined && chip !== '')
  return (
    <ul aria-label="Filters" className="flex flex-wrap items-center gap-2 text-sm">
      {chips.map(({ text, href }) => (
        <li key={href}>
          <Link
            href={href}
            prefetch={false}
            className="inline-flex min-h-7 items-center gap-1.5 rounded-full bg-accent-soft px-2.5 text-accent hover:underline"
          >
            <span className="sr-only">Remove the filter </span>
            <span className="wrap-anywhere">{text}</span>
            <Icon name="x" className="size-3" />
          </Link>
        </li>
      ))}
      <li>
        <Link
          href={spaceListPath({ ...(sort && { sort }), ...(descending && { descending }) })}
          prefetch={false}
          className="text-link inline-flex min-h-7 items-center px-1"
        >
          Clear filters
        </Link>
      </li>
    </ul>
  )
}
