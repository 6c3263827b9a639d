import type { ReactNode } from 'react'
import { Alert } from '#components/ui/alert.tsx'
import { Countdown } from '#components/ui/countdown.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { TabLinks } from '#components/ui/tab-links.tsx'
import { timeInFull } from '#components/ui/time-in-words.ts'
import type { SpaceDetail } from '#lib/domain/space-view.ts'
import { LiveRefresh } from './live-refresh.tsx'
import { type SpaceAddress, spacePath } from './space-path.ts'
import { SpaceStatusBadge } from './space-status-badge.tsx'
import { standingLabel } from './standing-label.ts'

type Props = { space: SpaceDetail; address: SpaceAddress; children: ReactNode }

/** Shared by all pages of a space: name, status, the person's standing, and tabs. */
export function SpaceFrame({ space, address, children }: Props) {
  return (
    <>
      <LiveRefresh address={address} deleting={space.status === 'deleting'} />
      <PageHeader
        title={space.name}
        mono
        back={{ href: '/', label: 'Spaces' }}
        badge={<SpaceStatusBadge status={space.status} live />}
        description={
          <>
            {space.description && <p className="wrap-anywhere mb-1 text-ink">{space.description}</p>}
            <ul className="flex flex-wrap gap-x-4 gap-y-0.5 text-sm">
              <li>{space.standing === 'owner' ? 'Owned by you' : `Owned by ${space.owner.name}`}</li>
              {space.standing !== 'owner' && (
                <li>
                  {space.standing ? `Your role: ${space.standing}` : standingLabel(null)}
                  {space.standingEndsAt && (
                    <>
                      {' '}
                      until <Instant at={space.standingEndsAt} /> (
                      <Countdown to={space.standingEndsAt.toISOString()} /> left)
                    </>
                  )}
                </li>
              )}
              {space.later && (
                <li>
                  {standingLabel(space.later.role)} from <Instant at={space.later.startsAt} /> (in{' '}
                  <Countdown to={space.later.startsAt.toISOString()} />)
                </li>
              )}
              <li>Size {space.size}</li>
              {address.cluster && <li>Cluster {space.cluster}</li>}
            </ul>
          </>
        }
      />
      <TabLinks
        label={`Views of ${space.name}`}
        items={[
          { href: spacePath(address), label: 'Overview' },
          { href: spacePath(address, 'access'), label: 'Access' },
          { href: spacePath(address, 'connect'), label: 'Connect' },
          { href: spacePath(address, 'activity'), label: 'Activity' },
          { href: spacePath(address, 'settings'), label: 'Settings' },
        ]}
      />
      <div className="mt-6 space-y-6">
        {!space.fencesHold && (
          <Alert kind="bad" title="The cluster’s admission policies aren’t in force">
            <p>
              Until a platform admin restores them, nobody new gets access to this space, and kubectl may be read-only.
            </p>
          </Alert>
        )}
        {children}
      </div>
    </>
  )
}

const Instant = ({ at }: { at: Date }) => <time dateTime={at.toISOString()}>{timeInFull(at, false)}</time>
