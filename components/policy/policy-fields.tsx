import { type ReactNode, useId } from 'react'
import { GroupsPicker } from '#components/people/groups-picker.tsx'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import { InfoMark } from '#components/ui/info-mark.tsx'
import { Section } from '#components/ui/section.tsx'
import { roles } from '#lib/kernel/model/access/role.ts'
import { policyBounds } from '#lib/kernel/model/policy/policy-bounds.ts'
import type { PolicyRules } from '#lib/kernel/model/policy/policy-rules.ts'
import { sizes } from '#lib/kernel/model/spaces/size.ts'
import { ApprovalFields } from './approval-fields.tsx'
import { CheckField } from './check-field.tsx'

type Props = { rules: PolicyRules; issuer: string }

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
          more="Applies to new requests."
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
        more="More spaces need approval."
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
        none="No limit"
        more="Existing spaces without an end date are not affected until someone sets one."
      />
    </Group>
  )
}

function RoleGroup({ rules }: Pick<Props, 'rules'>) {
  const id = useId()
  return (
    <Group title="Roles">
      {roles.map((role) => (
        <NumberField
          key={role}
          label={`Maximum duration of the ${role} role, in days`}
          name={`rules.longestRoleDays.${role}`}
          count={rules.longestRoleDays[role]}
          none="No limit"
        />
      ))}
      <fieldset aria-labelledby={`${id}-label`} aria-describedby={id} className="sm:col-span-2">
        <div className="mb-1 flex items-center gap-1.5 font-medium text-sm">
          <span id={`${id}-label`}>Roles that need approval</span>
          <InfoMark id={id} about={`${id}-label`}>
            No one can grant these directly, not even owners and platform admins. People have to request them.
          </InfoMark>
        </div>
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
      </fieldset>
    </Group>
  )
}

function ExceptionGroup({ rules, issuer }: Props) {
  const ownGroups = rules.exemptGroups.filter((group) => group.issuer === issuer)
  return (
    <Group title="Exceptions">
      <div className="sm:col-span-2">
        <GroupsPicker
          label="Exempt groups"
          name="rules.exemptGroups"
          groups={ownGroups.map(({ group }) => group)}
          more={`At most ${policyBounds.exemptGroups} groups of the identity provider. Their members have no limits on spaces and roles, and need no approval to create spaces and grant roles.`}
        />
      </div>
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
        more={`At most ${policyBounds.credentialHours.max}. Also applies to exempt groups. Existing kubeconfigs don’t change.`}
      />
      <NumberField
        label="Active kubeconfigs per person"
        name="rules.credentialLimit"
        count={rules.credentialLimit}
        none="Spaceport’s maximum"
      />
      <NumberField
        label="Hours without a fresh sign-in"
        name="rules.freshSignInHours"
        count={rules.freshSignInHours}
        none="No limit"
        more="For a longer kubeconfig, people must have signed in at the identity provider within the last ten minutes."
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
        none="Never"
        more="After this, roles from groups are suspended (kubeconfigs included) until the identity provider confirms the groups again, at a sign-in or while the person uses the portal."
      />
      <NumberField
        label="Days of inactivity until deactivation"
        name="rules.unseenDays"
        count={rules.unseenDays}
        none="Never"
        more={`At least ${policyBounds.unseenDays.min} days without a sign-in, page view or kubectl command. People are warned 14 and 3 days before.`}
      />
    </Group>
  )
}

/** A titled group of fields. */
function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Section title={title} content="row">
      <div className="grid items-start gap-5 sm:grid-cols-2">{children}</div>
    </Section>
  )
}

const emptyMeans = {
  'No limit': 'Leave empty for no limit.',
  Never: 'Leave empty to turn this off.',
  'Spaceport’s maximum': `Leave empty for Spaceport’s maximum of ${policyBounds.credentials.max}.`,
} as const

type NumberProps = {
  label: string
  name: string
  count: number | null
  /** What an empty field means. */
  none?: keyof typeof emptyMeans
  more?: string
}

const NumberField = ({ count, none, more = '', ...field }: NumberProps) => (
  <TextField
    defaultValue={count === null ? '' : String(count)}
    placeholder={none}
    more={[more, none && emptyMeans[none]].filter(Boolean).join(' ')}
    inputMode="numeric"
    maxLength={6}
    className="min-w-0"
    {...field}
  />
)
