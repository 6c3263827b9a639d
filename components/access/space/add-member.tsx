'use client'

import { SpaceFields } from '#components/spaces/space-fields.tsx'
import { askingPath, type SpaceAddress } from '#components/spaces/space-path.ts'
import { DialogActions, DialogButton } from '#components/ui/dialog.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { DateField } from '#components/ui/form/date-field.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import type { Standing } from '#lib/kernel/model/access/role.ts'
import type { Directory } from '#lib/kernel/model/policy/policy.ts'
import { PlatformAdminReason, type ReasonRule } from './admin-reason.tsx'
import { PrincipalCombobox, type SearchPrincipals } from './principal-combobox.tsx'
import { RoleField } from './role-field.tsx'
import { lastDayHint, type RoleRules, usualLastDay } from './role-rules.ts'

type Props = {
  address: SpaceAddress
  /** The owner's name. */
  owner: string
  add: FormAction
  search: SearchPrincipals
  /** Existing members' roles, by the value that the form sends. */
  standings: Readonly<Record<string, Standing>>
  directory: Directory
  tomorrow: string
  /** Maximum days of the viewer role; null: no limit. */
  longestViewerDays: number | null
  rules: RoleRules
  /** Whether a platform admin must give a reason; null: none needed. */
  reason: ReasonRule | null
}

/** Gives several people and groups the same role. */
export function AddMember({ address, owner, add, search, standings, directory, rules, reason, ...props }: Props) {
  const { tomorrow, longestViewerDays } = props
  return (
    <DialogButton label="Add member" icon="plus" variant="primary" title={`Add members to ${address.name}`}>
      <ActionForm action={add} className="space-y-4">
        <SpaceFields space={address} />
        <PrincipalCombobox
          label="Person or group"
          name="principal"
          hint={
            directory === 'open'
              ? 'Search by name, email, handle or group. You can add several.'
              : 'Enter a full handle (shown on their profile) or a group’s exact name. You can add several.'
          }
          space={address}
          search={search}
          standings={standings}
          invite={askingPath(address)}
          many
        />
        <RoleField address={address} rules={rules} />
        <DateField
          label="Ends"
          name="endsAt"
          optional={!rules.limited}
          min={tomorrow}
          presetsFrom={tomorrow}
          defaultValue={usualLastDay(tomorrow, longestViewerDays)}
          hint={lastDayHint(rules)}
        />
        {reason && <PlatformAdminReason asked={reason} owner={owner} />}
        <DialogActions>
          <SubmitButton>Add</SubmitButton>
        </DialogActions>
      </ActionForm>
    </DialogButton>
  )
}
