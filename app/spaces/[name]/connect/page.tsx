import type { Metadata } from 'next'
import Link from 'next/link'
import { AskInstead } from '#components/spaces/ask-instead.tsx'
import { ConnectLines } from '#components/spaces/connect-lines.tsx'
import { DownloadKubeconfig } from '#components/spaces/download-kubeconfig.tsx'
import { lifetimeOptions } from '#components/spaces/lifetimes.ts'
import { SpaceFrame } from '#components/spaces/space-frame.tsx'
import { Alert } from '#components/ui/alert.tsx'
import { Section } from '#components/ui/section.tsx'
import { createKubeconfigAction } from '../actions.ts'
import { readSpacePage, type SpacePageProps } from '../read-space-page.ts'

export async function generateMetadata(props: SpacePageProps): Promise<Metadata> {
  return { title: `Connect · ${(await readSpacePage(props)).space.name}` }
}

/** The way to use a space with kubectl. */
export default async function SpaceConnectPage(props: SpacePageProps) {
  const { ctx, space, address, may } = await readSpacePage(props)
  const { credentialDefaultHours, credentialMaxHours } = ctx.policy
  if (!may('create-credential')) {
    return (
      <SpaceFrame space={space} address={address}>
        <AskInstead title="Only members connect" address={address}>
          A kubeconfig carries its holder’s own rights, and you have none in this space. Ask for a role first.
        </AskInstead>
      </SpaceFrame>
    )
  }
  return (
    <SpaceFrame space={space} address={address}>
      {space.status === 'deleting' ? (
        <Alert kind="warn" title="The space is being deleted">
          <p>Its kubeconfigs have ended, and no new ones are made.</p>
        </Alert>
      ) : (
        <Section
          title="1. Download a kubeconfig"
          description="It works for this space only, with your rights here, and is shown once."
        >
          {space.status !== 'ready' && (
            <Alert kind="warn" title="Not ready yet" className="mb-4">
              <p>You can download already; kubectl works once the space is ready.</p>
            </Alert>
          )}
          <DownloadKubeconfig
            address={address}
            make={createKubeconfigAction}
            lifetimes={lifetimeOptions(credentialMaxHours, credentialDefaultHours)}
            defaultHours={credentialDefaultHours}
          />
          <p className="mt-4 text-muted text-sm">
            Whoever has the file has your rights until it ends. All of yours are listed under{' '}
            <Link href="/credentials" prefetch={false} className="text-link">
              Credentials
            </Link>
            , with their last use, and can be revoked there at once.
          </p>
        </Section>
      )}
      <Section title="2. Use it">
        <ConnectLines fileName={`spaceport-${space.cluster}-${space.name}.yaml`} />
      </Section>
    </SpaceFrame>
  )
}
