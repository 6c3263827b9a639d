import type { ReactNode } from 'react'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { TextAreaField } from '#components/ui/form/text-area-field.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import { Section } from '#components/ui/section.tsx'
import { roles } from '#lib/kernel/model/access/role.ts'
import { policyBounds } from '#lib/kernel/model/policy/policy-bounds.ts'
import type { PolicyRules } from '#lib/kernel/model/policy/policy-rules.ts'
import { sizes } from '#lib/kernel/model/spaces/size.ts'
import { ApprovalFields } from './approval-fields.tsx'
import { CheckField } from './check-field.tsx'

type Props = { rules: PolicyRules; issuer: string }

const text = (count: number | null): string => (count === null ? '' : String(count))

/** The fields of all rules, in groups. */
export function PolicyFields({ rules, issuer }: Props) {
  return (
    <>
      <SpaceGroup rules={rules} />
      <RoleGroup rules={rules} />
      <Group title="Requests">
        <NumberField
          label="Days until a request expires"
          name="rules.requestExpiryDays"
          count={rules.requestExpiryDays}
          hint="Applies to new requests."
        />
        <div className="self-center">
          <CheckField label="Requests need a reason" name="rules.reasonRequired" checked={rules.reasonRequired} />
        </div>
      </Group>
      <Group title="Approval of roles">
        <ApprovalFields kind="roleRequests" rule={rules.roleRequests} issuer={issuer} />
      </Group>
      <Group title="Approval of spaces, sizes and lifetimes">
        <ApprovalFields kind="spaceRequests" rule={rules.spaceRequests} issuer={issuer} />
      </Group>
      <ExceptionGroup rules={rules} issuer={issuer} />
      <KubeconfigGroup rules={rules} />
      <PeopleGroup rules={rules} />
    </>
  )
}

function SpaceGroup({ rules }: Pick<Props, 'rules'>) {
  return (
    <Group title="Spaces">
      <NumberField
        label="Spaces per person"
        name="rules.spaceLimit"
        count={rules.spaceLimit}
        hint="More spaces need approval."
      />
      <SelectField
        label="Largest size without approval"
        name="rules.maxSize"
        defaultValue={rules.maxSize}
        options={sizes.map((size) => ({ value: size, label: size }))}
      />
      <NumberField
        label="Maximum lifetime of a space, in days"
        name="rules.longestSpaceDays"
        count={rules.longestSpaceDays}
        hint="Leave empty for no limit. Existing spaces without an end date are not affected until someone sets one."
      />
    </Group>
  )
}

function RoleGroup({ rules }: Pick<Props, 'rules'>) {
  return (
    <Group title="Roles">
      {roles.map((role) => (
        <NumberField
          key={role}
          label={`Maximum duration of the ${role} role, in days`}
          name={`rules.longestRoleDays.${role}`}
          count={rules.longestRoleDays[role]}
          hint="Leave empty for no limit."
        />
      ))}
      <fieldset className="sm:col-span-2 lg:col-span-3">
        <legend className="mb-1 font-medium text-sm">Roles that need approval</legend>
        <div className="flex flex-wrap gap-x-6 gap-y-2">
          {roles.map((role) => (
            <CheckField
              key={role}
              label={role}
              name={`rules.approvalRoles.${role}`}
              checked={rules.approvalRoles.includes(role)}
            />
          ))}
        </div>
        <p className="mt-1 text-muted text-sm">
          No one can grant these directly, not even owners and platform admins. People have to request them.
        </p>
      </fieldset>
    </Group>
  )
}

function ExceptionGroup({ rules, issuer }: Props) {
  const ownGroups = rules.exemptGroups.filter((group) => group.issuer === issuer)
  return (
    <Group title="Exceptions">
      <TextAreaField
        label="Exempt groups"
        name="rules.exemptGroups"
        optional
        className="sm:col-span-2 lg:col-span-3"
        defaultValue={ownGroups.map(({ group }) => group).join('\n')}
        hint={`Names of groups at the identity provider, one per line, at most ${policyBounds.exemptGroups}. Their members have no limits on spaces and roles, and need no approval to create spaces and grant roles.`}
      />
    </Group>
  )
}

function KubeconfigGroup({ rules }: Pick<Props, 'rules'>) {
  return (
    <Group title="Kubeconfigs">
      <NumberField
        label="Maximum lifetime of a kubeconfig, in hours"
        name="rules.longestCredentialHours"
        count={rules.longestCredentialHours}
        hint={`At most ${policyBounds.credentialHours.max}. Also applies to exempt groups. Existing kubeconfigs don’t change.`}
      />
      <NumberField
        label="Active kubeconfigs per person"
        name="rules.credentialLimit"
        count={rules.credentialLimit}
        hint={`Leave empty for the maximum of ${policyBounds.credentials.max}.`}
      />
      <NumberField
        label="Hours without a fresh sign-in"
        name="rules.freshSignInHours"
        count={rules.freshSignInHours}
        hint="For a longer kubeconfig, people must have signed in at the identity provider within the last ten minutes. Leave empty if this is never needed."
      />
    </Group>
  )
}

function PeopleGroup({ rules }: Pick<Props, 'rules'>) {
  return (
    <Group title="People and groups">
      <NumberField
        label="Hours until unconfirmed groups are suspended"
        name="rules.groupHours"
        count={rules.groupHours}
        hint="After this, roles from groups are suspended (kubeconfigs included) until the identity provider confirms the groups again, at a sign-in or while the person uses the portal. Leave empty for no limit."
      />
      <NumberField
        label="Days of inactivity until deactivation"
        name="rules.unseenDays"
        count={rules.unseenDays}
        hint={`At least ${policyBounds.unseenDays.min} days without a sign-in, page view or kubectl command. People are warned 14 and 3 days before. Leave empty to never deactivate.`}
      />
    </Group>
  )
}

/** A titled group of fields. */
function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Section title={title}>
      <div className="grid items-start gap-5 sm:grid-cols-2 lg:grid-cols-3">{children}</div>
    </Section>
  )
}

/** A number, or empty. */
function NumberField({
  label,
  name,
  count,
  hint,
}: {
  label: string
  name: string
  count: number | null
  hint: string
}) {
  return (
    <TextField
      label={label}
      name={name}
      defaultValue={text(count)}
      inputMode="numeric"
      maxLength={6}
      hint={hint}
      className="min-w-0"
    />
  )
}
