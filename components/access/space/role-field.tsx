'use client'

import { useState } from 'react'
import { askingPath, type SpaceAddress } from '#components/spaces/space-path.ts'
import { roleSummaries, standingLabel } from '#components/spaces/standing-label.ts'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { type Role, roles } from '#lib/kernel/model/access/role.ts'
import type { RoleRules } from './role-rules.ts'

type Props = {
  address: SpaceAddress
  rules: RoleRules
  /** The current role. */
  held?: Role
}

/** Chooses a role and shows what it allows. If the role needs approval, links to the request form. */
export function RoleField({ address, rules, held }: Props) {
  const [role, setRole] = useState<Role>(held ?? 'viewer')
  const asked = role !== held && rules.approvalRoles.includes(role)
  return (
    <SelectField
      label="Role"
      name="role"
      value={role}
      onChange={(event) => setRole(roles.find((one) => one === event.target.value) ?? role)}
      hint={asked ? <AskInstead address={address} role={role} /> : roleSummaries[role]}
      options={roles.map((value) => ({ value, label: standingLabel(value) }))}
    />
  )
}

function AskInstead({ address, role }: { address: SpaceAddress; role: Role }) {
  return (
    <>
      This role needs approval, so it can’t be given here. Send the person{' '}
      <a className="font-medium text-accent underline" href={askingPath(address, { role })}>
        the link to the request
      </a>
      .
    </>
  )
}
