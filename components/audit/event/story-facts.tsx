import Link from 'next/link'
import type { ReactNode } from 'react'
import { Marks } from '#components/credentials/credential-marks.tsx'
import { spaceOf, spacePath } from '#components/spaces/space-path.ts'
import { BackLink } from '#components/ui/back-link.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { DescriptionList } from '#components/ui/description-list.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Section } from '#components/ui/section.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import type { StoryHead } from '#lib/features/audit/model/story-view.ts'
import { storyPath } from './story-path.ts'

type Props = {
  head: StoryHead
  now: Date
  defaultCluster: string
  /** Auditors can't open spaces. */
  isAdmin: boolean
}

const never = <span className="text-muted">Never</span>

/** The subject of a story: its name, its dates and when it was last used. */
export function StoryFacts({ head, now, defaultCluster, isAdmin }: Props) {
  switch (head.of) {
    case 'spaces':
      return <SpaceStory {...head} defaultCluster={defaultCluster} isAdmin={isAdmin} />
    case 'credentials':
      return <CredentialStory {...head} now={now} />
  }
}

function SpaceStory({
  space,
  defaultCluster,
  isAdmin,
}: StoryHead & { of: 'spaces' } & Pick<Props, 'defaultCluster' | 'isAdmin'>) {
  const { name, cluster, deletedAt } = space
  const address = spaceOf(name, cluster === defaultCluster ? undefined : cluster)
  return (
    <Head
      title={name}
      mono
      badge={deletedAt && <Badge icon="trash">Deleted</Badge>}
      description="What happened in this space: in the portal, with kubectl, bypassing the gateway, and automatically by Spaceport."
      actions={
        isAdmin &&
        !deletedAt && (
          <LinkButton href={spacePath(address)} icon="space">
            Open space
          </LinkButton>
        )
      }
      facts={[
        ['Owner', <Person key="owner" {...space.owner} />],
        ['Cluster', cluster],
        [
          'Namespace',
          <span key="namespace" className="wrap-anywhere font-mono">
            {space.namespace}
          </span>,
        ],
        ['Created', <AbsoluteTime key="created" at={space.createdAt} />],
        ...fact(deletedAt ? 'Deleted' : 'Ends', deletedAt ?? space.endsAt),
        ['Last used with kubectl', space.lastUsedAt ? <AbsoluteTime key="used" at={space.lastUsedAt} /> : never],
      ]}
    />
  )
}

function CredentialStory({ credential, now }: StoryHead & { of: 'credentials' } & Pick<Props, 'now'>) {
  const { owner, space, name, tokenStart, endsAt, revokedAt, revokedBy } = credential
  const { lastUsedAt, lastUsedAddress, lastUsedClient } = credential
  const ended = endsAt <= now
  return (
    <Head
      title={`Kubeconfig of ${owner.name}`}
      badge={
        revokedAt ? (
          <Badge tone="warn" icon="lock">
            Revoked
          </Badge>
        ) : ended ? (
          <Badge icon="clock">Expired</Badge>
        ) : (
          <Badge tone="ok" icon="check">
            In force
          </Badge>
        )
      }
      description="How this credential was used and changed."
      facts={[
        ['Of', <Person key="owner" {...owner} />],
        [
          'For',
          space ? (
            <Link
              key="space"
              href={storyPath('spaces', space.id)}
              prefetch={false}
              className="wrap-anywhere font-mono hover:underline"
            >
              {space.name}
            </Link>
          ) : (
            'All of their spaces'
          ),
        ],
        ...(name || tokenStart
          ? ([['Identified by', <Marks key="marks" name={name} tokenStart={tokenStart} />]] satisfies Fact[])
          : []),
        ['Created', <AbsoluteTime key="created" at={credential.createdAt} />],
        [ended ? 'Expired' : 'Expires', <AbsoluteTime key="ends" at={endsAt} />],
        ...(revokedAt
          ? ([
              [
                'Revoked',
                <span key="revoked">
                  <AbsoluteTime at={revokedAt} />
                  {revokedBy && (
                    <>
                      {' by '}
                      <Person {...revokedBy} />
                    </>
                  )}
                </span>,
              ],
            ] satisfies Fact[])
          : []),
        [
          'Last used',
          lastUsedAt ? (
            <span key="used">
              <AbsoluteTime at={lastUsedAt} />
              {lastUsedClient && <span className="text-muted"> with {lastUsedClient}</span>}
              {lastUsedAddress && <span className="text-muted"> from {lastUsedAddress}</span>}
            </span>
          ) : (
            never
          ),
        ],
        [
          'ID',
          <span key="id" className="wrap-anywhere font-mono text-xs">
            {credential.id}
          </span>,
        ],
      ]}
    />
  )
}

type Fact = [term: string, detail: ReactNode]

const fact = (term: string, at: Date | null): Fact[] => (at ? [[term, <AbsoluteTime key={term} at={at} />]] : [])

function Head({ facts, ...header }: Omit<Parameters<typeof PageHeader>[0], 'back'> & { facts: readonly Fact[] }) {
  return (
    <>
      <PageHeader {...header} back={<BackLink href="/audit" label="Audit trail" />} />
      <Section>
        <DescriptionList items={facts.map(([term, detail]) => ({ term, detail }))} />
      </Section>
    </>
  )
}

const Person = ({ handle, name }: { handle: string; name: string }) => (
  <Link href={storyPath('people', handle)} prefetch={false} title={handle} className="wrap-anywhere hover:underline">
    {name}
  </Link>
)
