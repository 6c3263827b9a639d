import { GroupPicker } from '#components/people/group-picker.tsx'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import type { ApprovalRules } from '#lib/kernel/model/policy/approval-rules.ts'
import { approvalBounds } from '#lib/kernel/model/policy/policy-bounds.ts'

type Props<K extends keyof ApprovalRules> = { kind: K; rule: ApprovalRules[K]; issuer: string }

const owners = { value: 'owner', label: 'Space owner, and platform admins' }
const others = [
  { value: 'admins', label: 'Platform admins' },
  { value: 'group', label: 'A group' },
]

const labels: Readonly<Record<keyof ApprovalRules, { who: string; group: string; approvals: string }>> = {
  roleRequests: {
    who: 'Who decides on roles',
    group: 'Group that decides on roles',
    approvals: 'Approvals needed for a role',
  },
  spaceRequests: {
    who: 'Who decides on spaces',
    group: 'Group that decides on spaces',
    approvals: 'Approvals needed for a space',
  },
}

/** Who decides on one kind of requests, and how many approvals these need. */
export function ApprovalFields<K extends keyof ApprovalRules>({
  kind,
  rule: { deciders, approvals },
  issuer,
}: Props<K>) {
  const group = deciders.who === 'group' && deciders.issuer === issuer ? deciders.group : ''
  return (
    <div className="group contents">
      <SelectField
        label={labels[kind].who}
        name={`rules.${kind}.deciders.who`}
        defaultValue={deciders.who}
        options={kind === 'roleRequests' ? [owners, ...others] : others}
        more="No one decides on their own requests."
      />
      <div className="group-has-[option[value=group]:checked]:block hidden">
        <GroupPicker
          label={labels[kind].group}
          name={`rules.${kind}.deciders.group`}
          defaultText={group}
          more="Its name at the identity provider. If it has no active member, platform admins decide."
        />
      </div>
      <TextField
        label={labels[kind].approvals}
        name={`rules.${kind}.approvals`}
        defaultValue={String(approvals)}
        inputMode="numeric"
        maxLength={1}
        more={`From ${approvalBounds.min} to ${approvalBounds.max}, each by a different person. Also applies to open requests.`}
      />
    </div>
  )
}
