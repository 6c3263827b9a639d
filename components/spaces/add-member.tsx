'use client'

import { ActionForm, type FormAction } from '#components/ui/action-form.tsx'
import { DateField } from '#components/ui/date-field.tsx'
import { DialogActions, DialogButton } from '#components/ui/dialog.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { PrincipalCombobox, type SearchPrincipals } from './principal-combobox.tsx'
import { RoleField } from './role-field.tsx'
import { SpaceFields } from './space-fields.tsx'
import type { SpaceAddress } from './space-path.ts'

type Props = { address: SpaceAddress; add: FormAction; search: SearchPrincipals; tomorrow: string }

/** The way to let somebody in. */
export function AddMember({ address, add, search, tomorrow }: Props) {
  return (
    <DialogButton label="Add member" icon="plus" variant="primary" title={`Add a member to ${address.name}`}>
      <ActionForm action={add} className="space-y-4">
        <SpaceFields space={address} />
        <PrincipalCombobox
          label="Person or group"
          name="principal"
          hint="Find them by name, e-mail, handle or group. People must have signed in once."
          space={address}
          search={search}
        />
        <RoleField />
        <DateField label="Last day" name="endsAt" optional min={tomorrow} hint="Left empty: for good, until removed." />
        <DialogActions>
          <SubmitButton>Add</SubmitButton>
        </DialogActions>
      </ActionForm>
    </DialogButton>
  )
}
