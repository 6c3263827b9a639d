import { credentialsPath } from '#components/people/credential-list-data.ts'
import { peoplePath } from '#components/people/people-list-data.ts'
import { Section } from '#components/ui/section.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import {
  type CredentialsOverview,
  expiringDays,
  type Overview,
  type PeopleOverview,
  unusedDays,
} from '#lib/features/overview/model/overview.ts'
import type { RequestsOverview } from '#lib/kernel/model/requests/request-view.ts'
import { attentionOf } from './attention.ts'
import { AttentionList } from './attention-list.tsx'
import { ClusterTable } from './cluster-table.tsx'
import { Figures } from './figures.tsx'
import { openRequestsPath } from './list-path.ts'
import { SpaceFigures } from './space-figures.tsx'

/** What needs somebody now, and how much there is of everything. */
export function OverviewView({ overview }: { overview: Overview }) {
  const { credentials, people, forAdmins } = overview
  return (
    <div className="space-y-8">
      <AttentionList items={attentionOf(overview)} />
      {forAdmins && <SpaceFigures spaces={forAdmins.spaces} />}
      <div className={forAdmins ? 'grid gap-8 lg:grid-cols-3 lg:gap-6' : 'grid gap-8 lg:grid-cols-2 lg:gap-6'}>
        {forAdmins && <RequestFigures requests={forAdmins.requests} />}
        <CredentialFigures credentials={credentials} />
        <PeopleFigures people={people} />
      </div>
      {forAdmins && <ClusterTable clusters={forAdmins.clusters} />}
    </div>
  )
}

const RequestFigures = ({
  requests: { waiting, waitingForADay, forYou, oldestAt },
}: {
  requests: RequestsOverview
}) => (
  <Section title="Requests">
    <Figures
      items={[
        { label: 'Waiting', value: waiting, href: openRequestsPath() },
        { label: 'For more than a day', value: waitingForADay, href: openRequestsPath({ age: 'day' }), tone: 'warn' },
        { label: 'Waiting for you', value: forYou, href: '/requests' },
      ]}
    />
    {oldestAt && (
      <p className="mt-4 text-muted text-sm">
        The oldest was made <RelativeTime at={oldestAt} />.
      </p>
    )}
  </Section>
)

const CredentialFigures = ({ credentials: { active, expiring, unused } }: { credentials: CredentialsOverview }) => (
  <Section title="Credentials">
    <Figures
      items={[
        { label: 'Active', value: active, href: credentialsPath({}) },
        {
          label: 'Expiring within 24 hours',
          value: expiring,
          href: credentialsPath({ endsWithin: expiringDays }),
        },
        { label: `Unused for ${unusedDays} days`, value: unused, href: credentialsPath({ unusedFor: unusedDays }) },
      ]}
    />
  </Section>
)

const PeopleFigures = ({ people: { active, signedIn, deactivated, unproven } }: { people: PeopleOverview }) => (
  <Section title="People">
    <Figures
      items={[
        { label: 'Active', value: active, href: peoplePath({ state: 'active' }) },
        { label: 'Signed in within 7 days', value: signedIn, href: peoplePath({ state: 'signed-in-7' }) },
        { label: 'Deactivated', value: deactivated, href: peoplePath({ state: 'deactivated' }) },
        { label: 'Being offboarded', value: unproven, href: peoplePath({ state: 'unproven' }), tone: 'warn' },
      ]}
    />
  </Section>
)
