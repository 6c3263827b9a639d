import type { ReactNode } from 'react'
import { SpaceStatus } from '#components/spaces/space-status.tsx'
import { BackLink } from '#components/ui/back-link.tsx'
import { Copyable } from '#components/ui/copyable.tsx'
import { DescriptionList } from '#components/ui/description-list.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { SpaceAccessReport } from '#lib/features/access/model/access-report.ts'
import { AccessPersonLink } from './access-person-link.tsx'

type Props = { space: SpaceAccessReport['space']; children: ReactNode }

/** The frame of a space’s access report for auditors, who can’t open the space. */
export const ReportedSpace = ({ space, children }: Props) => (
  <>
    <PageHeader
      title={space.name}
      mono
      badge={<SpaceStatus status={space.status} />}
      back={<BackLink href="/admin/access" label="Spaces" />}
      actions={
        <LinkButton href={`/audit/spaces/${space.id}`} icon="activity">
          Activity
        </LinkButton>
      }
    />
    <div className="space-y-8">
      <DescriptionList
        items={[
          { term: 'Owner', detail: <AccessPersonLink person={{ ...space.owner, deactivated: false }} /> },
          { term: 'Cluster', detail: space.cluster },
          { term: 'Namespace', detail: <Copyable text={space.namespace} what="the namespace" /> },
          { term: 'Created', detail: <RelativeTime at={space.createdAt} /> },
          { term: 'Ends', detail: space.endsAt ? <AbsoluteTime at={space.endsAt} /> : 'No end' },
        ]}
      />
      {children}
    </div>
  </>
)
