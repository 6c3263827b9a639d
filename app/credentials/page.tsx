import type { Metadata } from 'next'
import { type SearchParams, textParam } from '#app/search-params.ts'
import { CredentialHint } from '#components/credentials/credential-hint.tsx'
import { CredentialTable } from '#components/credentials/credential-table.tsx'
import { DownloadAllForm } from '#components/credentials/download-all-form.tsx'
import { chosenLifetime, lifetimeOptions } from '#components/credentials/lifetime-options.ts'
import { OwnCredentials } from '#components/credentials/own-credentials.tsx'
import { ownTitle } from '#components/shell/own-title.ts'
import { addressOf, spacePath } from '#components/spaces/space-path.ts'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Section } from '#components/ui/section.tsx'
import { RefreshAt } from '#components/ui/time/refresh-at.tsx'
import { listCredentials } from '#lib/features/credentials/use-cases/list-credentials.ts'
import { listSpaces } from '#lib/features/spaces/use-cases/list-spaces.ts'
import { defaultCredentialHours } from '#lib/kernel/model/policy/policy.ts'
import { type PageContext, pageContext } from '#lib/web/page/page-context.ts'
import { createKubeconfigForAllAction, revokeCredentialAction, revokeOwnCredentialsAction } from './actions.ts'

export const generateMetadata = async (): Promise<Metadata> => ({ title: titleFor(await pageContext()) })

const titleFor = ({ actor }: PageContext) => ownTitle('credentials', actor.platformRole !== null)

/** The person's credentials, active and past. */
export default async function CredentialsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const [ctx, search] = await Promise.all([pageContext(), searchParams])
  const usualHours = defaultCredentialHours(ctx.policy)
  const lifetimes = lifetimeOptions({ defaultHours: usualHours, maxHours: ctx.policy.longestCredentialHours })
  const credentials = await listCredentials(ctx)
  const { defaultName } = ctx.clusters
  const active = credentials.filter(({ state }) => state === 'active')
  const past = credentials.filter(({ state }) => state !== 'active')
  const nextEnd = active.map(({ endsAt }) => endsAt.toISOString()).sort()[0]
  return (
    <>
      <PageHeader
        title={titleFor(ctx)}
        description="Each kubeconfig has its own credential, which expires and can be revoked."
      />
      {nextEnd && <RefreshAt at={nextEnd} />}
      <div className="space-y-8">
        {active.length > 0 ? (
          <OwnCredentials
            rows={active}
            defaultCluster={defaultName}
            now={ctx.now}
            revoke={revokeCredentialAction}
            revokeSeveral={revokeOwnCredentialsAction}
          />
        ) : (
          <NoCredentials ctx={ctx} />
        )}
        <Section
          title="One kubeconfig for all your spaces"
          id="all-spaces"
          description="It has a context for each of your spaces, and works for those you join later."
          more="If you need only one space, use the file from its Connect page: less is exposed if it leaks."
        >
          <DownloadAllForm
            action={createKubeconfigForAllAction}
            lifetimes={lifetimes}
            defaultHours={chosenLifetime(lifetimes, textParam(search, 'hours'), usualHours)}
          />
          <CredentialHint policy={ctx.policy} />
        </Section>
        {past.length > 0 && (
          <details className="group">
            <summary className="inline-flex min-h-8 list-none items-center gap-1.5 rounded-md text-muted text-sm hover:text-ink [&::-webkit-details-marker]:hidden">
              <Icon name="chevron-right" className="size-3.5 transition-transform group-open:rotate-90" />
              Expired and revoked ({past.length})
            </summary>
            <div className="mt-3">
              <CredentialTable
                caption="Expired and revoked credentials"
                rows={past}
                defaultCluster={defaultName}
                now={ctx.now}
              />
            </div>
          </details>
        )}
      </div>
    </>
  )
}

/** Leads to a first kubeconfig: to a space's Connect page, or to the form for a new space if there is none. */
async function NoCredentials({ ctx }: { ctx: PageContext }) {
  const { rows } = await listSpaces(ctx, {})
  const space = rows.find(({ standing, status }) => standing !== null && status === 'ready')
  if (!space)
    return (
      <EmptyState
        icon="key"
        title="You have no active kubeconfigs"
        action={<LinkButton href="/spaces/new">New space</LinkButton>}
      >
        Create a space, then download a kubeconfig from its Connect page.
      </EmptyState>
    )
  return (
    <EmptyState
      icon="key"
      title="You have no active kubeconfigs"
      action={
        <LinkButton href={spacePath(addressOf(space, ctx.clusters.defaultName), 'connect')} icon="terminal">
          Connect to {space.name}
        </LinkButton>
      }
    >
      Download one from a space’s Connect page. It is listed here until it expires.
    </EmptyState>
  )
}
