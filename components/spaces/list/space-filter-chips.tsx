import { FilterChips } from '#components/filters/filter-chips.tsx'
import { healthFilterLabels } from '#components/spaces/health-words.ts'
import { standingLabel } from '#components/spaces/standing-label.ts'
import { groupLabel } from '#lib/kernel/model/people/group-label.ts'
import type { SpaceFilter, SpaceQuery } from '#lib/kernel/model/spaces/space-query.ts'
import { statusLabels } from '#lib/kernel/model/spaces/space-status.ts'
import { spaceListPath } from './space-search.ts'

type Props = { query: SpaceQuery; ownerName: string | null }

/** The list's active filters. Clearing them keeps the order. */
export function SpaceFilterChips({ query, ownerName }: Props) {
  const { search, status, health, owner, role, group, issuer, size, cluster, ends, managed, sort, descending } = query
  const without = (name: keyof SpaceFilter) => spaceListPath({ ...query, page: 1, [name]: undefined })
  const chips = [
    search && { text: `“${search}”`, href: without('search') },
    status && { text: statusLabels[status], href: without('status') },
    health && { text: healthFilterLabels[health], href: without('health') },
    owner && { text: owner === 'me' ? 'Owned by me' : `Owned by ${ownerName ?? owner}`, href: without('owner') },
    role && {
      text: role === 'any' ? 'With a role of mine' : `My role: ${standingLabel(role)}`,
      href: without('role'),
    },
    group && { text: `Group ${groupLabel(group, issuer ?? null)}`, href: without('group') },
    size && { text: `Size ${size}`, href: without('size') },
    cluster && { text: `Cluster ${cluster}`, href: without('cluster') },
    ends && { text: 'Ends within 7 days', href: without('ends') },
    managed && { text: managed === 'git' ? 'Managed in Git' : 'Managed in the portal', href: without('managed') },
  ].filter((chip) => chip !== undefined && chip !== '')
  return (
    <FilterChips
      chips={chips}
      clearHref={spaceListPath({ ...(sort && { sort }), ...(descending && { descending }) })}
    />
  )
}
