import type { Metadata } from 'next'
import Link from 'next/link'
import { textParam } from '#app/search-params.ts'
import { createKubeconfigAction } from '#app/spaces/[name]/actions.ts'
import { readSpacePage, type SpacePageProps } from '#app/spaces/[name]/read-space-page.ts'
import { CredentialHint } from '#components/credentials/credential-hint.tsx'
import { ExpiringKubeconfig } from '#components/credentials/expiring-kubeconfig.tsx'
import { chosenLifetime, lifetimeOptions } from '#components/credentials/lifetime-options.ts'
import { ConnectLines } from '#components/spaces/connect/connect-lines.tsx'
import { DownloadKubeconfig } from '#components/spaces/connect/download-kubeconfig.tsx'
import { AskInstead } from '#components/spaces/request-instead.tsx'
import { SpaceFrame } from '#components/spaces/space-frame.tsx'
import { Alert } from '#components/ui/alert.tsx'
import { Section } from '#components/ui/section.tsx'
import { contextName } from '#lib/features/credentials/model/render-kubeconfig.ts'
import { listActiveCredentials } from '#lib/features/credentials/use-cases/list-credentials.ts'
import { defaultCredentialHours } from '#lib/kernel/model/policy/policy.ts'
import { pageContext } from '#lib/web/page/page-context.ts'

export async function generateMetadata(props: SpacePageProps): Promise<Metadata> {
  return { title: `Connect · ${(await readSpacePage(props)).space.name}` }
}

/** How to use a space with kubectl. */
export default async function SpaceConnectPage(props: SpacePageProps) {
  const [{ ctx, space, address, may, search, frame }, credentials] = await Promise.all([
    readSpacePage(props),
    pageContext().then((caller) => listActiveCredentials(caller)),
  ])
  const usualHours = defaultCredentialHours(ctx.policy)
  const lifetimes = lifetimeOptions({ defaultHours: usualHours, maxHours: ctx.policy.longestCredentialHours })
  if (!may('create-credential')) {
    return (
      <SpaceFrame {...frame}>
        <AskInstead title="Only members can connect" address={address} asks="viewer">
          A kubeconfig gives you the access your role allows, and you have no role in this space. Request one first.
        </AskInstead>
      </SpaceFrame>
    )
  }
  return (
    <SpaceFrame {...frame}>
      {space.status === 'deleting' ? (
        <Alert kind="warn" title="This space is being deleted">
          <p>Its kubeconfigs no longer work, and new ones can’t be created.</p>
        </Alert>
      ) : (
        <Section title="1. Download a kubeconfig" description="It works for this space only, with your role here.">
          {space.status !== 'ready' && (
            <Alert kind="warn" title="Not ready yet" className="mb-4">
              <p>You can download the file now. kubectl works once the space is ready.</p>
            </Alert>
          )}
          <ExpiringKubeconfig space={space} credentials={credentials} now={ctx.now} />
          <DownloadKubeconfig
            address={address}
            make={createKubeconfigAction}
            lifetimes={lifetimes}
            defaultHours={chosenLifetime(lifetimes, textParam(search, 'hours'), usualHours)}
          />
          <CredentialHint policy={ctx.policy} />
          <p className="mt-4 text-muted text-sm">
            Anyone who has this file can act as you in this space until it expires. To see when each of your kubeconfigs
            was last used, or to revoke one, go to{' '}
            <Link href="/credentials" prefetch={false} className="text-link">
              Credentials
            </Link>
            .
          </p>
        </Section>
      )}
      <Section title="2. Use it">
        <ConnectLines context={contextName(space.cluster, space.name)} mayChange={space.standing !== 'viewer'} />
      </Section>
    </SpaceFrame>
  )
}
