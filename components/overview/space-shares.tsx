import Link from 'next/link'
import { spaceListPath } from '#components/spaces/list/space-search.ts'
import { LinkPending } from '#components/ui/link-pending.tsx'
import { Meter } from '#components/ui/meter.tsx'
import type { SpacesOverview } from '#lib/features/overview/model/overview.ts'
import { sizes } from '#lib/kernel/model/spaces/size.ts'
import { inFigures } from './figures.tsx'

/** How spaces are shared out among sizes and owners, folded. */
export const SpaceShares = ({ spaces }: { spaces: SpacesOverview }) => (
  <details className="text-sm">
    <summary className="font-medium text-accent">Spaces by size and owner</summary>
    <div className="mt-3 grid gap-6 rounded-lg border bg-surface p-4 sm:p-5 lg:grid-cols-2 lg:gap-10">
      <Bars
        title="By size"
        rows={sizes.map((size) => ({ name: size, href: spaceListPath({ size }), value: spaces.bySize[size] ?? 0 }))}
        total={spaces.total}
      />
      <Bars
        title="Most spaces"
        rows={spaces.owners.map(({ handle, name, spaces: value }) => ({
          name,
          href: spaceListPath({ owner: handle }),
          value,
        }))}
        total={spaces.total}
      />
    </div>
  </details>
)

type BarsProps = { title: string; rows: readonly { name: string; href: string; value: number }[]; total: number }

const Bars = ({ title, rows, total }: BarsProps) => (
  <div>
    <h2 className="mb-1.5">{title}</h2>
    <ul className="-mx-2 grid grid-cols-[fit-content(55%)_1fr_auto] gap-x-3">
      {rows.map(({ name, href, value }) => (
        <li key={href} className="col-span-3 grid grid-cols-subgrid">
          <Link
            href={href}
            prefetch={false}
            className="group relative col-span-3 grid min-h-9 grid-cols-subgrid items-center rounded-md px-2 text-sm hover:bg-sunken"
          >
            <span className="truncate group-hover:underline">{name}</span>
            <Meter
              label={`Share of ${name}`}
              ratio={value / total}
              text={`${inFigures(value)} of ${inFigures(total)} spaces`}
            />
            <span className="min-w-8 text-right tabular-nums">{inFigures(value)}</span>
            <LinkPending />
          </Link>
        </li>
      ))}
    </ul>
  </div>
)
