import type { Metadata } from 'next'
import { textParam } from '#app/search-params.ts'
import { MembersOnly } from '#app/spaces/[name]/members-only.tsx'
import { orError } from '#app/spaces/[name]/or-error.ts'
import { readSpacePage, type SpacePageProps } from '#app/spaces/[name]/read-space-page.ts'
import { ObjectView } from '#components/spaces/configuration/object-view.tsx'
import { SecretKeys } from '#components/spaces/configuration/secret-keys.tsx'
import { AskInstead } from '#components/spaces/request-instead.tsx'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { Alert } from '#components/ui/alert.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { mayReadSecrets } from '#lib/features/search/model/may-inside.ts'
import { type ConfigurationRef, configurationRef, openRef, usedRef } from '#lib/features/spaces/model/configuration.ts'
import { listUsingPods } from '#lib/features/spaces/use-cases/list-using-pods.ts'
import { readConfigured } from '#lib/features/spaces/use-cases/read-configured.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import type { SpaceKey } from '#lib/kernel/use-case/authorize.ts'
import { readSecret } from '#lib/web/gateway/read-secret.ts'
import type { PageContext } from '#lib/web/page/page-context.ts'
import { showSecretAction } from './actions.ts'

const refOf = (search: Awaited<SpacePageProps['searchParams']>): ConfigurationRef | undefined =>
  configurationRef.safeParse({ kind: textParam(search, 'kind'), name: textParam(search, 'name') }).data

export async function generateMetadata(props: SpacePageProps): Promise<Metadata> {
  const { space, search } = await readSpacePage(props)
  return { title: `${refOf(search)?.name ?? 'Configuration'} · ${space.name}` }
}

/** One Service, Ingress, ConfigMap, Secret or claim of a space. */
export default function ObjectPage(props: SpacePageProps) {
  return (
    <MembersOnly page={props} why="You have no role in this space. If you need to see its configuration, request one.">
      <Configured {...props} />
    </MembersOnly>
  )
}

async function Configured(props: SpacePageProps) {
  const { ctx, key, space, address, search } = await readSpacePage(props)
  const of = refOf(search)
  if (!of) return <Gone address={address} />
  if (of.kind === 'Secret' && !mayReadSecrets(space.standing))
    return (
      <AskInstead title="Your role can’t read Secrets" address={address} asks="editor">
        Editors and admins can. If you need to, request a role.
      </AskInstead>
    )
  const read = await orError(readAll(ctx, key, of))
  if (isAppError(read))
    return (
      <Alert kind="warn" title={`This ${of.kind} can’t be shown right now`}>
        <p>{read.sentence}</p>
      </Alert>
    )
  const { object, users } = read
  if (object === null) return <Gone address={address} />
  return (
    <ObjectView
      {...{ of, object, address, users }}
      keys={
        object.kind === 'Secret' && (
          <SecretKeys name={of.name} keys={object.keys} address={address} show={showSecretAction} />
        )
      }
    />
  )
}

const Gone = ({ address }: { address: SpaceAddress }) => (
  <EmptyState
    icon="space"
    title="This object is gone"
    action={<LinkButton href={spacePath(address, 'configuration')}>See the configuration</LinkButton>}
  >
    There is no such object in this space. It may have been deleted or renamed.
  </EmptyState>
)

async function readAll(ctx: PageContext, space: SpaceKey, of: ConfigurationRef) {
  const [open, used] = [openRef.safeParse(of), usedRef.safeParse(of)]
  const [object, users] = await Promise.all([
    open.success ? readConfigured(ctx, { space, of: open.data }) : readOutline(ctx, space, of.name),
    used.success ? listUsingPods(ctx, { space, of: used.data }) : null,
  ])
  return { object, users }
}

async function readOutline(ctx: PageContext, space: SpaceKey, name: string) {
  const outline = await readSecret(ctx, space, name)
  return outline && { kind: 'Secret' as const, ...outline }
}
