import type { Metadata } from 'next'
import { markReadAction } from '#app/inbox/actions.ts'
import { readSpacePage, type SpacePageProps } from '#app/spaces/[name]/read-space-page.ts'
import { AddMember } from '#components/access/space/add-member.tsx'
import { LeaveSpace } from '#components/access/space/leave-space.tsx'
import { MemberActions } from '#components/access/space/member-actions.tsx'
import {
  isGivenByDay,
  MemberList,
  principalKey,
  principalName,
  standingsOf,
} from '#components/access/space/member-list.tsx'
import { OpenOffer } from '#components/access/space/open-offer.tsx'
import { HandOver } from '#components/access/space/transfer-space.tsx'
import { dayAfter, dayOf } from '#components/spaces/last-day.ts'
import { AdminNotices } from '#components/spaces/list/admin-notices.tsx'
import { AskInstead } from '#components/spaces/request-instead.tsx'
import { SpaceFrame } from '#components/spaces/space-frame.tsx'
import { spacePath } from '#components/spaces/space-path.ts'
import { Alert } from '#components/ui/alert.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Section } from '#components/ui/section.tsx'
import { listGrants } from '#lib/features/access/use-cases/list-grants.ts'
import { listAdminActs } from '#lib/features/inbox/use-cases/list-admin-acts.ts'
import { readOffer } from '#lib/features/offers/use-cases/read-offer.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'
import {
  addGrantAction,
  changeGrantAction,
  leaveSpaceAction,
  offerSpaceAction,
  removeGrantAction,
  searchPrincipalsAction,
  withdrawOfferAction,
} from './actions.ts'

export async function generateMetadata(props: SpacePageProps): Promise<Metadata> {
  return { title: `Access · ${(await readSpacePage(props)).space.name}` }
}

type SpacePage = Awaited<ReturnType<typeof readSpacePage>>
type Access = Awaited<ReturnType<typeof listGrants>>

/** Who has access to a space, and how to change that. */
export default async function SpaceAccessPage(props: SpacePageProps) {
  const page = await readSpacePage(props)
  const { ctx, key, space, address, may, frame } = page
  const [{ owner, grants }, notices, offer] = await Promise.all([
    listGrants(ctx, key),
    space.standing === 'owner' ? listAdminActs(ctx, space.id) : [],
    may('withdraw-offer') ? readOffer(ctx, key) : null,
  ])
  return (
    <SpaceFrame {...frame}>
      <AdminNotices notices={notices} dismiss={markReadAction} />
      <MemberNotices page={page} />
      <Members page={page} owner={owner} grants={grants} />
      {space.status !== 'deleting' && <Ownership page={page} owner={owner} offer={offer} />}
      {may('leave-space') && (
        <Section
          title="Leave this space"
          content="bare"
          description="Give up your role here."
          actions={<LeaveSpace address={address} leave={leaveSpaceAction} />}
        />
      )}
    </SpaceFrame>
  )
}

/** Why the person can’t change members here, or only with a reason. */
function MemberNotices({ page: { space, address, may, inGit } }: { page: SpacePage }) {
  const living = space.status !== 'deleting'
  const membersInGit = inGit && space.declaredMembers
  return (
    <>
      {!living && (
        <Alert kind="warn" title="This space is being deleted">
          <p>Members can no longer be changed, and no one can use the space.</p>
        </Alert>
      )}
      {living && membersInGit && may('add-grant') && (
        <Alert
          title="Members are managed in Git"
          action={
            <LinkButton size="sm" href={`${spacePath(address, 'settings')}#git`}>
              Show the manifest
            </LinkButton>
          }
        >
          <p>
            Add and change members there. You can remove a member or lower their role here at any time; Git doesn’t undo
            that until its object changes.
          </p>
        </Alert>
      )}
      {living && !may('add-grant') && (
        <AskInstead
          title="Only the owner and admins manage members"
          address={address}
          asks={space.standing === 'viewer' ? 'editor' : 'admin'}
        >
          {`You’re ${space.standing === 'viewer' ? 'a viewer' : 'an editor'}, so you can see who has access but not change it. If you need a higher role, request it, from 15 minutes up.`}
        </AskInstead>
      )}
      {space.standing === null && (
        <AskInstead title="You aren’t a member of this space" address={address} asks="viewer">
          As a platform admin you can add and remove people if you give a reason; the owner is notified. To get access
          yourself, request it, and someone else decides.
        </AskInstead>
      )}
    </>
  )
}

function Members({ page, owner, grants }: { page: SpacePage } & Access) {
  const { ctx, space, address, may, inGit } = page
  const isOwner = space.standing === 'owner'
  const reason = isOwner || ctx.actor.platformRole !== 'admin' ? null : space.standing === 'admin' ? 'beyond' : 'always'
  const living = space.status !== 'deleting'
  const tomorrow = dayAfter(ctx.now)
  const membersInGit = inGit && space.declaredMembers
  const { approvalRoles, longestRoleDays } = ctx.policy
  const rules = { approvalRoles, limited: Object.values(longestRoleDays).some((days) => days !== null) }
  return (
    <Section
      title="Members"
      content="bare"
      actions={
        <>
          {decidePermission('read-access-report', { platformRole: ctx.actor.platformRole, standing: null }) ===
            'allowed' && (
            <LinkButton size="sm" href={spacePath(address, 'access/report')} icon="key">
              Access report
            </LinkButton>
          )}
          {may('add-grant') && living && !membersInGit && (
            <AddMember
              address={address}
              owner={owner.name}
              add={addGrantAction}
              search={searchPrincipalsAction}
              standings={standingsOf(owner, grants)}
              directory={ctx.policy.directory}
              tomorrow={tomorrow}
              longestViewerDays={longestRoleDays.viewer}
              rules={rules}
              reason={reason}
            />
          )}
        </>
      }
    >
      <MemberList
        owner={owner}
        grants={grants}
        actionsFor={(grant) =>
          may('change-grant') && living ? (
            <MemberActions
              address={address}
              grantId={grant.id}
              who={principalName(grant)}
              role={grant.role}
              lastDay={dayOf(grant.endsAt)}
              tomorrow={tomorrow}
              rules={rules}
              owner={owner.name}
              reason={reason}
              removalReason={!isOwner && space.standing !== 'admin'}
              change={changeGrantAction}
              remove={removeGrantAction}
              again={
                reason === null && !membersInGit && isGivenByDay(grant)
                  ? { principal: principalKey(grant), add: addGrantAction }
                  : null
              }
            />
          ) : null
        }
      />
    </Section>
  )
}

type OwnershipProps = {
  page: SpacePage
  owner: Access['owner']
  /** The open offer, if the person may withdraw it. */
  offer: Awaited<ReturnType<typeof readOffer>> | null
}

function Ownership({ page, owner, offer }: OwnershipProps) {
  const { ctx, space, address, may, inGit } = page
  const isOwner = space.standing === 'owner'
  return (
    <Section
      title="Ownership"
      content={offer ? 'card' : 'bare'}
      description={`${space.standing === 'owner' ? 'You own' : `${owner.name} owns`} this space.`}
      more="The owner manages members, decides on requests and can delete the space."
      actions={
        may('offer-space') &&
        !inGit &&
        !offer && (
          <HandOver
            address={address}
            owner={owner.name}
            isOwner={isOwner}
            days={ctx.policy.offerExpiryDays}
            offer={offerSpaceAction}
            search={searchPrincipalsAction}
            directory={ctx.policy.directory}
          />
        )
      }
    >
      {offer ? (
        <OpenOffer address={address} offer={offer} withdraw={withdrawOfferAction} />
      ) : (
        <p className="text-muted text-sm">
          {may('offer-space') && inGit
            ? 'It is managed in Git. To offer it to someone else, take it back under Settings first.'
            : may('offer-space')
              ? 'Offer the space to someone else. It becomes theirs once they accept.'
              : `Only ${owner.name} or a platform admin can hand it over.`}
          {isOwner && !inGit && ' To leave the space, hand it over first.'}
        </p>
      )}
    </Section>
  )
}
