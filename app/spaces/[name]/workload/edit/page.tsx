import type { Metadata } from 'next'
import { textParam } from '#app/search-params.ts'
import { orError } from '#app/spaces/[name]/or-error.ts'
import { readSpacePage, type SpacePageProps } from '#app/spaces/[name]/read-space-page.ts'
import { AskInstead } from '#components/spaces/request-instead.tsx'
import { SpaceFrame } from '#components/spaces/space-frame.tsx'
import { spacePath } from '#components/spaces/space-path.ts'
import { EditView } from '#components/spaces/workload/edit-view.tsx'
import { Alert } from '#components/ui/alert.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { mayChangeWorkloads } from '#lib/features/search/model/may-inside.ts'
import { workloadRef } from '#lib/features/spaces/model/workload-view.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { readEditable } from '#lib/web/gateway/edit-workload.ts'
import { editAction } from './actions.ts'

export async function generateMetadata(props: SpacePageProps): Promise<Metadata> {
  const { space, search } = await readSpacePage(props)
  const of = workloadRef.safeParse(textParam(search, 'of'))
  return { title: `Edit ${of.success ? of.data.name : 'workload'} · ${space.name}` }
}

/** The manifest of one workload, to edit. */
export default async function EditWorkloadPage(props: SpacePageProps) {
  const { space, address, frame } = await readSpacePage(props)
  return (
    <SpaceFrame {...frame}>
      {mayChangeWorkloads(space.standing) ? (
        <Edit {...props} />
      ) : (
        <AskInstead title="Editors and admins can edit workloads" address={address} asks="editor">
          Your role here can’t change workloads. If you need to, request a higher one.
        </AskInstead>
      )}
    </SpaceFrame>
  )
}

async function Edit(props: SpacePageProps) {
  const { ctx, key, address, search } = await readSpacePage(props)
  const of = workloadRef.safeParse(textParam(search, 'of'))
  const found = of.success ? await orError(readEditable(ctx, { space: key, of: of.data })) : null
  if (!of.success || found === null || isAppError(found, 'object_gone'))
    return (
      <EmptyState
        icon="space"
        title="This workload is gone"
        action={<LinkButton href={spacePath(address)}>See what runs here</LinkButton>}
      >
        There is no such workload in this space. It may have been deleted or renamed.
      </EmptyState>
    )
  if (isAppError(found))
    return (
      <Alert kind="warn" title="This workload can’t be edited right now">
        <p>{found.sentence}</p>
      </Alert>
    )
  return <EditView address={address} of={of.data} editable={found} action={editAction} />
}
