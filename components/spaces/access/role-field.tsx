'use client'

import { useState } from 'react'
import { roleSummaries, standingLabel } from '#components/spaces/standing-label.ts'
import { SelectField } from '#components/ui/select-field.tsx'
import { type Role, roles } from '#lib/domain/role.ts'

/** The choice of a role, with what it allows. */
export function RoleField({ defaultValue = 'editor' }: { defaultValue?: Role }) {
  const [role, setRole] = useState<Role>(defaultValue)
  return (
    <SelectField
      label="Role"
      name="role"
      value={role}
      onChange={(event) => setRole(roles.find((one) => one === event.target.value) ?? role)}
      hint={roleSummaries[role]}
      options={roles.map((value) => ({ value, label: standingLabel(value) }))}
    />
  )
}
