import type { Metadata } from 'next'
import { validParam } from '#app/search-params.ts'
import { MembersOnly } from '#app/spaces/[name]/members-only.tsx'
import { orError } from '#app/spaces/[name]/or-error.ts'
import { readSpacePage, type SpacePageProps } from '#app/spaces/[name]/read-space-page.ts'
import { ConfigurationView, type SecretsRead } from '#components/spaces/configuration/configuration-view.tsx'
import { Alert } from '#components/ui/alert.tsx'
import { mayReadSecrets } from '#lib/features/search/model/may-inside.ts'
import { configurationRef } from '#lib/features/spaces/model/configuration.ts'
import { listConfiguration } from '#lib/features/spaces/use-cases/list-configuration.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { listSecrets } from '#lib/web/gateway/read-secret.ts'

export async function generateMetadata(props: SpacePageProps): Promise<Metadata> {
  return { title: `Configuration · ${(await readSpacePage(props)).space.name}` }
}

/** What a space has besides workloads. */
export default function ConfigurationPage(props: SpacePageProps) {
  return (
    <MembersOnly page={props} why="You have no role in this space. If you need to see its configuration, request one.">
      <Configuration {...props} />
    </MembersOnly>
  )
}

async function Configuration(props: SpacePageProps) {
  const { ctx, key, space, address, search } = await readSpacePage(props)
  const [lists, listed] = await Promise.all([
    orError(listConfiguration(ctx, key)),
    mayReadSecrets(space.standing) ? orError(listSecrets(ctx, key)) : null,
  ])
  if (isAppError(lists))
    return (
      <Alert kind="warn" title="The configuration can’t be shown right now">
        <p>{lists.sentence}</p>
      </Alert>
    )
  const secrets: SecretsRead =
    listed === null ? 'not-allowed' : isAppError(listed) ? { failure: listed.sentence } : listed
  const all = validParam(search, 'all', configurationRef.shape.kind)
  return <ConfigurationView {...{ lists, secrets, address, all }} />
}
