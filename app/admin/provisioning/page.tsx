import type { Metadata } from 'next'
import { ProvisioningTokens } from '#components/provisioning/provisioning-tokens.tsx'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Section } from '#components/ui/section.tsx'
import { readProvisioning } from '#lib/broker/provisioning/read-provisioning.ts'
import { inNumber } from '#lib/domain/in-number.ts'
import { decidePermission, officeOf, type PlatformPermission } from '#lib/domain/permission.ts'
import { pageContext } from '#lib/web/page/page-context.ts'
import { scimSettings } from '#lib/web/page/scim-settings.ts'
import { createProvisioningTokenAction, revokeProvisioningTokenAction } from './actions.ts'

export const metadata: Metadata = { title: 'Provisioning' }

/** How the identity provider provisions people and groups, and with which tokens; for auditors and platform admins. */
export default async function ProvisioningPage() {
  const ctx = await pageContext()
  const may = (permission: PlatformPermission) =>
    decidePermission(permission, { ...officeOf(ctx.actor), standing: null }) === 'allowed'
  if (!may('list-provisioning-tokens')) return <NotForYou page="Provisioning" isEligible={ctx.actor.isEligible} />
  const { tokens, people, groups } = await readProvisioning(ctx)
  const { base, subject } = scimSettings()
  return (
    <>
      <PageHeader
        title="Provisioning"
        description="Your identity provider adds people and groups by SCIM 2.0, before anybody signs in, and takes them out within a second."
      />
      <div className="space-y-8">
        <Section
          title="Address"
          description={`${people === 1 ? '1 person' : `${people} people`} and ${inNumber(groups, 'group')} provisioned. Map ${subject} to the value that a sign-in sends as sub: it identifies a person.`}
        >
          <CodeBlock code={base} label="Copy the address" />
        </Section>
        <ProvisioningTokens
          tokens={tokens}
          actions={
            may('revoke-provisioning-token')
              ? {
                  create: may('create-provisioning-token') ? createProvisioningTokenAction : null,
                  revoke: revokeProvisioningTokenAction,
                }
              : null
          }
        />
      </div>
    </>
  )
}
