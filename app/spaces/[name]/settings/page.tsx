import type { Metadata } from 'next'
import { z } from 'zod'
import { textParam, validParam } from '#app/search-params.ts'
import {
  declareSpaceAction,
  deleteSpaceAction,
  releaseSpaceAction,
  requestLifeAction,
  updateSpaceAction,
} from '#app/spaces/[name]/actions.ts'
import { readSpacePage, type SpacePageProps } from '#app/spaces/[name]/read-space-page.ts'
import { dayAfter, dayOf } from '#components/spaces/last-day.ts'
import { AskInstead } from '#components/spaces/request-instead.tsx'
import { DeleteSpace } from '#components/spaces/settings/delete-space.tsx'
import { DetailsForm } from '#components/spaces/settings/details-form.tsx'
import { GitSection } from '#components/spaces/settings/git-section.tsx'
import { MoreTimeForm } from '#components/spaces/settings/more-time-form.tsx'
import { SizeForm } from '#components/spaces/settings/size-form.tsx'
import { SpaceFrame } from '#components/spaces/space-frame.tsx'
import { Alert } from '#components/ui/alert.tsx'
import { Section, SettingsSections } from '#components/ui/section.tsx'
import { listGrants } from '#lib/features/access/use-cases/list-grants.ts'
import { declarableMembers } from '#lib/features/spaces/model/render-space-manifest.ts'
import { countSpaceLoss } from '#lib/features/spaces/use-cases/count-space-loss.ts'
import { latestEnd } from '#lib/kernel/model/policy/policy-rules.ts'
import { sizes } from '#lib/kernel/model/spaces/size.ts'
import { objectName } from '#lib/kernel/model/spaces/space-object.ts'

export async function generateMetadata(props: SpacePageProps): Promise<Metadata> {
  return { title: `Settings · ${(await readSpacePage(props)).space.name}` }
}

/** Details, size and deletion of a space; `?size=` chooses a size, `?manifest=` shows the manifest for Git. */
export default async function SpaceSettingsPage(props: SpacePageProps) {
  const { ctx, key, space, address, may, search, frame, inGit } = await readSpacePage(props)
  if (space.status === 'deleting') {
    return (
      <SpaceFrame {...frame}>
        <Alert kind="warn" title="This space is being deleted">
          <p>Its settings can no longer be changed. The Overview tab shows the progress.</p>
        </Alert>
      </SpaceFrame>
    )
  }
  const mayDelete = may('delete-space')
  const longest = ctx.policy.longestSpaceDays
  const namespace = space.declaredNamespace
  const showsManifest = may('update-space') && (namespace !== null || textParam(search, 'manifest') !== undefined)
  const [loss, listed] = await Promise.all([
    mayDelete ? countSpaceLoss(ctx, key) : null,
    showsManifest ? listGrants(ctx, key) : null,
  ])
  return (
    <SpaceFrame {...frame}>
      <SettingsSections>
        {inGit ? null : may('update-space') ? (
          <>
            <Section title="Details" id="details" content="row">
              <DetailsForm
                address={address}
                update={updateSpaceAction}
                description={space.description}
                lastDay={dayOf(space.endsAt)}
                tomorrow={dayAfter(ctx.now)}
                latestDay={longest === null ? null : dayOf(latestEnd(ctx.now, longest))}
                mayDelete={mayDelete}
              />
            </Section>
            {space.approvedUntil && may('request-life') && (
              <Section
                title="More time"
                id="more-time"
                content="row"
                description={`Approved until ${dayOf(space.approvedUntil)}: a later end needs approval.`}
              >
                <MoreTimeForm address={address} ask={requestLifeAction} from={dayAfter(space.approvedUntil)} />
              </Section>
            )}
            <Section title="Size" id="size" content="row">
              <SizeForm
                address={address}
                size={space.size}
                maxSize={ctx.policy.maxSize}
                preselected={validParam(search, 'size', z.enum(sizes))}
                asker={may('request-size') ? null : space.owner.name}
                update={updateSpaceAction}
              />
            </Section>
          </>
        ) : (
          <AskInstead title="Only the owner and admins change settings" address={address} asks="admin">
            Your role doesn’t let you change the description, size or end. If you need to change them, request the admin
            role.
          </AskInstead>
        )}
        {may('update-space') && (
          <GitSection
            address={address}
            object={namespace === null ? null : objectName({ namespace, name: space.name })}
            manifest={
              listed && {
                name: space.name,
                namespace: namespace ?? space.gitNamespaces[0] ?? 'your-namespace',
                description: space.description,
                size: space.size,
                endsAt: space.endsAt,
                members: namespace !== null && !space.declaredMembers ? null : declarableMembers(listed.grants),
              }
            }
            namespaces={space.gitNamespaces}
            mayDeclare={may('declare-space')}
            mayRelease={may('release-space')}
            declare={declareSpaceAction}
            release={releaseSpaceAction}
          />
        )}
        <Section
          content="row"
          tone={mayDelete ? 'danger' : 'plain'}
          title="Delete this space"
          description={
            mayDelete
              ? 'Deletes the namespace and everything in it, for good.'
              : `Only the owner, ${space.owner.name}, or a platform admin can delete this space.`
          }
          actions={mayDelete && <DeleteSpace address={address} remove={deleteSpaceAction} loss={loss} />}
        />
      </SettingsSections>
    </SpaceFrame>
  )
}
