import Link from 'next/link'
import { spaceListPath } from '#components/spaces/list/space-search.ts'
import { LinkPending } from '#components/ui/link-pending.tsx'
import { Meter } from '#components/ui/meter.tsx'
import { Section } from '#components/ui/section.tsx'
import type { SpacesOverview } from '#lib/features/overview/model/overview.ts'
import { sizes } from '#lib/kernel/model/spaces/size.ts'
import { findableStatuses, statusLabels } from '#lib/kernel/model/spaces/space-status.ts'
import { Figures, inFigures } from './figures.tsx'

/** The numbers of spaces by state and size, those ending soon, and the top owners. */
export const SpaceFigures = ({ spaces }: { spaces: SpacesOverview }) => (
  <Section title="Spaces">
    <Figures
      wide
      items={[
        { label: 'In all', value: spaces.total, href: spaceListPath({}) },
        ...findableStatuses.map((status) => ({
          label: statusLabels[status],
          value: spaces.byStatus[status] ?? 0,
          href: spaceListPath({ status }),
          ...(status === 'failed' && { tone: 'bad' as const }),
        })),
        {
          label: 'Ending within 7 days',
          value: spaces.endingSoon,
          href: spaceListPath({ ends: 'soon' }),
          tone: 'warn',
        },
      ]}
    />
    {spaces.total > 0 && (
      <div className="mt-5 grid gap-6 border-t pt-5 lg:grid-cols-2 lg:gap-10">
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
    )}
  </Section>
)

type BarsProps = { title: string; rows: readonly { name: string; href: string; value: number }[]; total: number }

const Bars = ({ title, rows, total }: BarsProps) => (
  <div>
    <h3 className="mb-1.5">{title}</h3>
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
              of="progress"
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
