import Link from 'next/link'
import { credentialsPath } from '#components/people/credential-list-data.ts'
import { peoplePath } from '#components/people/people-list-data.ts'
import { spaceListPath } from '#components/spaces/list/space-search.ts'
import { Icon } from '#components/ui/icon.tsx'
import { Section } from '#components/ui/section.tsx'
import { Strip } from '#components/ui/strip.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import {
  type CredentialsOverview,
  expiringDays,
  type Overview,
  type PeopleOverview,
  type SpacesOverview,
  unusedDays,
} from '#lib/features/overview/model/overview.ts'
import type { RequestsOverview } from '#lib/kernel/model/requests/request-view.ts'
import { type Attention, attentionOf } from './attention.ts'
import { ClusterTable } from './cluster-table.tsx'
import { Figures } from './figures.tsx'
import { openRequestsPath } from './list-path.ts'
import { SpaceShares } from './space-shares.tsx'

/** Links to everything that needs attention. */
const AttentionList = ({ items }: { items: readonly Attention[] }) => (
  <Section title="Needs attention" content="flush">
    {items.length === 0 ? (
      <p className="flex items-center gap-2.5 px-4 py-3.5 text-sm sm:px-5">
        <Icon name="check-circle" className="size-4 shrink-0 text-ok" />
        Nothing needs attention.
      </p>
    ) : (
      <ul className="divide-y">
        {items.map(({ tone, sentence, href }) => (
          <li key={sentence}>
            <Link
              href={href}
              prefetch={false}
              className="group flex min-h-11 items-center gap-2.5 px-4 py-2.5 text-sm hover:bg-sunken/60 focus-visible:-outline-offset-2 sm:px-5"
            >
              <Icon
                name={tone === 'bad' ? 'alert-circle' : 'alert-triangle'}
                className={tone === 'bad' ? 'size-4 shrink-0 text-bad' : 'size-4 shrink-0 text-warn'}
              />
              <span className="wrap-anywhere min-w-0 flex-1 group-hover:underline">{sentence}</span>
              <Icon name="chevron-right" className="size-3.5 shrink-0 text-muted" />
            </Link>
          </li>
        ))}
      </ul>
    )}
  </Section>
)

/** What needs attention first, then the clusters, then totals. `inbox`: the reader’s items that are waiting or unread. */
export function OverviewView({ overview, inbox }: { overview: Overview; inbox: number }) {
  const { credentials, people, forAdmins } = overview
  return (
    <div className="space-y-8">
      <AttentionList items={attentionOf(overview, inbox)} />
      {forAdmins && <ClusterTable clusters={forAdmins.clusters} />}
      <Strip label="Totals">
        <div className="strip-cells">
          {forAdmins && <SpaceFigures spaces={forAdmins.spaces} />}
          {forAdmins && <RequestFigures requests={forAdmins.requests} />}
          <CredentialFigures credentials={credentials} />
          <PeopleFigures people={people} />
        </div>
      </Strip>
      {forAdmins && forAdmins.spaces.total > 0 && <SpaceShares spaces={forAdmins.spaces} />}
    </div>
  )
}

const SpaceFigures = ({ spaces: { total, byStatus, endingSoon } }: { spaces: SpacesOverview }) => (
  <Figures
    title="Spaces"
    total={{ label: 'total', value: total, href: spaceListPath({}) }}
    parts={[
      { label: 'failed', value: byStatus.failed ?? 0, href: spaceListPath({ status: 'failed' }), tone: 'bad' },
      { label: 'ending within 7 days', value: endingSoon, href: spaceListPath({ ends: 'soon' }), tone: 'warn' },
    ]}
  />
)

const RequestFigures = ({
  requests: { waiting, waitingForADay, forYou, oldestAt },
}: {
  requests: RequestsOverview
}) => (
  <Figures
    title="Requests"
    total={{ label: 'waiting', value: waiting, href: openRequestsPath() }}
    parts={[
      { label: 'for more than a day', value: waitingForADay, href: openRequestsPath({ age: 'day' }), tone: 'warn' },
      { label: 'for you', value: forYou, href: '/inbox' },
    ]}
  >
    {oldestAt && (
      <>
        oldest <RelativeTime at={oldestAt} />
      </>
    )}
  </Figures>
)

const CredentialFigures = ({ credentials: { active, expiring, unused } }: { credentials: CredentialsOverview }) => (
  <Figures
    title="Credentials"
    total={{ label: 'active', value: active, href: credentialsPath({}) }}
    parts={[
      { label: 'expiring within 24 hours', value: expiring, href: credentialsPath({ endsWithin: expiringDays }) },
      { label: `unused for ${unusedDays} days`, value: unused, href: credentialsPath({ unusedFor: unusedDays }) },
    ]}
  />
)

const PeopleFigures = ({ people: { active, signedIn, deactivated, unproven } }: { people: PeopleOverview }) => (
  <Figures
    title="People"
    total={{ label: 'active', value: active, href: peoplePath({ state: 'active' }) }}
    parts={[
      { label: 'being offboarded', value: unproven, href: peoplePath({ state: 'unproven' }), tone: 'warn' },
      { label: 'signed in within 7 days', value: signedIn, href: peoplePath({ state: 'signed-in-7' }) },
      { label: 'deactivated', value: deactivated, href: peoplePath({ state: 'deactivated' }) },
    ]}
  />
)
