import Link from 'next/link'
import { type ReactNode, Suspense } from 'react'
import { askPath } from '#components/requests/request-again.ts'
import { Alert } from '#components/ui/alert.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { TabLinks } from '#components/ui/tab-links.tsx'
import { Countdown } from '#components/ui/time/countdown.tsx'
import { EndingChip } from '#components/ui/time/ending-chip.tsx'
import { dayAndTime, dayInWords, timeInFull, untilInWords } from '#components/ui/time/time-in-words.ts'
import type { LongerLife } from '#lib/features/spaces/model/space-life.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'
import { endingOf } from '#lib/kernel/model/spaces/ending.ts'
import type { ShownHealth, SpaceHealth } from '#lib/kernel/model/spaces/space-health.ts'
import type { SpaceDetail } from '#lib/kernel/model/spaces/space-view.ts'
import { BackToSpaces } from './back-to-spaces.tsx'
import { EndingBanner } from './ending-banner.tsx'
import { worstInWords } from './health-words.ts'
import { LiveRefresh } from './live-refresh.tsx'
import { SpaceCondition } from './space-condition.tsx'
import { type SpaceAddress, type SpaceView, spacePath } from './space-path.ts'
import { standingLabel } from './standing-label.ts'
import { StateLabel } from './state-label.tsx'

/** The common input of a space's pages. */
export type Frame = {
  space: SpaceDetail
  address: SpaceAddress
  now: Date
  /** What the person can do about an end that is near, and the action that changes it. */
  longer: LongerLife
  update: FormAction
  /** Whether it is the space’s first view, the only one whose header tells all on phones. */
  isOverview?: boolean
  /** What the page itself reads now; if absent, the header shows what the list shows. */
  health?: Promise<ShownHealth> | undefined
}

/** Views of single workloads, opened from the overview. */
const ofWorkloads: readonly SpaceView[] = ['workload', 'workload/edit', 'shell']
const viewPath = ({ name }: SpaceAddress, view: SpaceView) => spacePath({ name }, view)

/** Shared by all pages of a space: name, status, upcoming end, the person's role, and tabs. */
export function SpaceFrame({
  space,
  address,
  now,
  longer,
  update,
  isOverview = false,
  health,
  children,
}: Frame & { children: ReactNode }) {
  const endsAt = space.status === 'deleting' ? null : space.endsAt
  const ending = endingOf({ kind: 'space', endsAt }, now)
  return (
    <>
      <LiveRefresh address={address} deleting={space.status === 'deleting'} at={now.getTime()} />
      <PageHeader
        title={space.name}
        mono
        back={<BackToSpaces />}
        copy={<CopyButton text={space.name} label="Copy the name" />}
        badge={
          <>
            {health ? (
              <Suspense fallback={<StoredCondition {...{ space, address }} />}>
                <ReadCondition {...{ space, address, health }} />
              </Suspense>
            ) : (
              <Condition {...{ space, address }} />
            )}
            {ending && endsAt && (
              <EndingChip at={endsAt}>{`Ends ${dayInWords(endsAt, now)} · ${dayAndTime(endsAt)}`}</EndingChip>
            )}
          </>
        }
        actions={
          isOverview &&
          space.standing &&
          space.status === 'ready' && (
            <LinkButton href={spacePath(address, 'connect')} icon="terminal" variant="primary">
              Connect
            </LinkButton>
          )
        }
        description={
          <div className={isOverview ? undefined : 'max-sm:hidden'}>
            {space.description && <p className="wrap-anywhere mb-1 text-ink">{space.description}</p>}
            <ul className="dot-list text-sm">
              <li>{space.standing === 'owner' ? 'Owned by you' : `Owned by ${space.owner.name}`}</li>
              {space.standing !== 'owner' && (
                <li>
                  {space.standing ? 'Your role: ' : standingLabel(null)}
                  {space.standing && <OwnRole space={space} address={address} now={now} role={space.standing} />}
                </li>
              )}
              {space.later && (
                <li>
                  {standingLabel(space.later.role)} from <Instant at={space.later.startsAt} /> (in{' '}
                  <Countdown to={space.later.startsAt.toISOString()} />)
                </li>
              )}
              <li>Size {space.size}</li>
              {space.declaredNamespace !== null && (
                <li>
                  <Link href={`${spacePath(address, 'settings')}#git`} prefetch={false} className="text-link">
                    Managed in Git
                  </Link>{' '}
                  by <span className="wrap-anywhere font-mono">{`${space.declaredNamespace}/${space.name}`}</span>
                </li>
              )}
              {address.cluster && <li>Cluster {space.cluster}</li>}
            </ul>
          </div>
        }
      />
      <TabLinks
        label={`Views of ${space.name}`}
        items={[
          { href: spacePath(address), label: 'Overview', covers: ofWorkloads.map((view) => viewPath(address, view)) },
          { href: spacePath(address, 'logs'), label: 'Logs' },
          {
            href: spacePath(address, 'configuration'),
            label: 'Configuration',
            covers: [viewPath(address, 'configuration/object')],
          },
          { href: spacePath(address, 'access'), label: 'Access', covers: [viewPath(address, 'access/report')] },
          { href: spacePath(address, 'connect'), label: 'Connect' },
          { href: spacePath(address, 'activity'), label: 'Activity' },
          { href: spacePath(address, 'settings'), label: 'Settings' },
        ]}
      />
      <div className="mt-6 space-y-8">
        {!space.fencesHold && (
          <Alert kind="bad" title="The cluster’s admission policies aren’t in force">
            <p>
              Until a platform admin restores them, no new person gets access to this space, and kubectl may be
              read-only.
            </p>
          </Alert>
        )}
        {ending === 'near' && endsAt && (
          <EndingBanner address={address} endsAt={endsAt} now={now} longer={longer} update={update} />
        )}
        {children}
      </div>
    </>
  )
}

type Conditioned = Pick<Frame, 'space' | 'address'>

const Condition = ({ space, address }: Conditioned) => (
  <>
    <SpaceCondition {...space} live />
    {space.health !== null && space.health !== 'outdated' && <Worst health={space.health} address={address} />}
  </>
)

/** Until a newer health is read, and all that is shown without scripts. A space without a known problem may have one. */
const StoredCondition = ({ space, address }: Conditioned) =>
  space.health === null ? (
    <>
      <span className="noscript:hidden">
        <StateLabel state="unknown" role="status">
          Checking…
        </StateLabel>
      </span>
      <span className="not-noscript:hidden">
        <Condition {...{ space, address }} />
      </span>
    </>
  ) : (
    <Condition {...{ space, address }} />
  )

const ReadCondition = async ({ space, address, health }: Conditioned & { health: Promise<ShownHealth> }) => (
  <Condition space={{ ...space, health: await health }} address={address} />
)

/** The worst problem inside, with a link to the workload, which has its logs. */
const Worst = ({ health, address }: { health: SpaceHealth; address: SpaceAddress }) => {
  const { workload } = health.problem
  return (
    <Link
      href={spacePath(address, 'workload', { of: `${workload.kind}/${workload.name}` })}
      prefetch={false}
      className="text-link wrap-anywhere text-sm"
    >
      {worstInWords(health)}
    </Link>
  )
}

/** The person’s role, when it ends, and a link to ask for more time if that is soon. */
function OwnRole({ space, address, now, role }: Pick<Frame, 'space' | 'address' | 'now'> & { role: Role }) {
  const { standingEndsAt } = space
  if (!standingEndsAt) return role
  if (!endingOf({ kind: 'role', endsAt: standingEndsAt }, now))
    return (
      <>
        {role} until <Instant at={standingEndsAt} />
      </>
    )
  return (
    <>
      <EndingChip at={standingEndsAt}>{`${role} ${untilInWords(standingEndsAt, now)}`}</EndingChip> (
      <Countdown to={standingEndsAt.toISOString()} /> left){' '}
      <Link href={askPath(address, role, 'extend-role')} prefetch={false} className="text-link">
        Ask for more time
      </Link>
    </>
  )
}

const Instant = ({ at }: { at: Date }) => <time dateTime={at.toISOString()}>{timeInFull(at, false)}</time>
