import type { Metadata } from 'next'
import { z } from 'zod'
import { type SearchParams, validParam } from '#app/search-params.ts'
import { FreezeSection, FrozenNotice } from '#components/scim/freeze-section.tsx'
import type { ProvisioningActions } from '#components/scim/provisioning-actions.ts'
import { ProvisioningTokens } from '#components/scim/provisioning-tokens.tsx'
import { PushedGroups } from '#components/scim/pushed-groups.tsx'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { dayAfter, dayOf } from '#components/spaces/last-day.ts'
import { Alert } from '#components/ui/alert.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Section } from '#components/ui/section.tsx'
import { scimSettings } from '#lib/features/scim/http/scim-settings.ts'
import { readProvisioning } from '#lib/features/scim/use-cases/read-provisioning.ts'
import { readPushedGroups } from '#lib/features/scim/use-cases/read-pushed-groups.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { pageNumber } from '#lib/kernel/model/page-number.ts'
import { idleDays } from '#lib/kernel/model/people/group-lifetime.ts'
import { decidePermission, type PlatformPermission, roleStateOf } from '#lib/kernel/model/people/permission.ts'
import { latestTokenEnd } from '#lib/kernel/model/people/provisioning-view.ts'
import { pageContext } from '#lib/web/page/page-context.ts'
import {
  approveTokenAction,
  askForTokenAction,
  declineTokenAction,
  freezeProvisioningAction,
  removePushedGroupAction,
  revealTokenAction,
  revokeProvisioningTokenAction,
  takeOverTokenAction,
  unfreezeProvisioningAction,
} from './actions.ts'

export const metadata: Metadata = { title: 'Provisioning' }

const usualDays = 180

const pageParam = z.coerce.number().pipe(pageNumber)

type Props = { searchParams: Promise<SearchParams> }

/** Provisioned people and groups, and the identity provider's tokens, for auditors and platform admins. */
export default async function ProvisioningPage({ searchParams }: Props) {
  const [ctx, params] = await Promise.all([pageContext(), searchParams])
  const may = (permission: PlatformPermission) =>
    decidePermission(permission, { ...roleStateOf(ctx.actor), standing: null }) === 'allowed'
  if (!may('list-provisioning-tokens')) return <NotForYou page="Provisioning" isEligible={ctx.actor.isEligible} />
  const page = validParam(params, 'groups', pageParam) ?? 1
  const [{ tokens, requests, freeze, people, groups, admins }, pushed] = await Promise.all([
    readProvisioning(ctx),
    readPushedGroups(ctx, { page }),
  ])
  const { base, subject } = scimSettings()
  const actions: ProvisioningActions = {
    ask: may('create-provisioning-token') ? askForTokenAction : null,
    approve: may('approve-provisioning-token') ? approveTokenAction : null,
    decline: may('decline-provisioning-token') ? declineTokenAction : null,
    reveal: may('create-provisioning-token') ? revealTokenAction : null,
    takeOver: may('take-over-provisioning-token') ? takeOverTokenAction : null,
    revoke: may('revoke-provisioning-token') ? revokeProvisioningTokenAction : null,
    freeze: may('freeze-provisioning') ? freezeProvisioningAction : null,
    unfreeze: may('unfreeze-provisioning') ? unfreezeProvisioningAction : null,
  }
  const days = {
    tomorrow: dayAfter(ctx.now),
    usual: dayOf(new Date(ctx.now.getTime() + usualDays * dayMs)),
    latest: dayOf(latestTokenEnd(ctx.now)),
  }
  return (
    <>
      <PageHeader
        title="Provisioning"
        description="Your identity provider adds and removes people and groups over SCIM 2.0."
      />
      <div className="space-y-8">
        {freeze && <FrozenNotice freeze={freeze} unfreeze={actions.unfreeze} />}
        <Section
          title="Address"
          description={`${people === 1 ? '1 person' : `${people} people`} and ${inNumber(groups, 'group')} provisioned.`}
          more={`Map ${subject} to the sub claim, which identifies a person.`}
        >
          <CodeBlock code={base} label="Copy the address" />
        </Section>
        <ProvisioningTokens
          {...{ tokens, requests, admins, days, actions }}
          me={ctx.actor.handle}
          isActivated={ctx.policy.adminMinutes > 0}
        />
        {pushed.rows.some(({ paused }) => paused) && (
          <Alert kind="warn" title="Pushed groups are suspended">
            <p>
              No provisioning token has been used for more than {idleDays} days, so their members have lost the roles of
              these groups. They get them back with the identity provider’s next request.
            </p>
          </Alert>
        )}
        <PushedGroups
          groups={pushed}
          page={page}
          remove={may('remove-pushed-group') ? removePushedGroupAction : null}
        />
        {!freeze && actions.freeze && <FreezeSection freeze={actions.freeze} />}
      </div>
    </>
  )
}
