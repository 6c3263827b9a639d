'use client'

import { ActionForm, type FormAction } from '#components/ui/action-form.tsx'
import { SelectField } from '#components/ui/select-field.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { TextAreaField } from '#components/ui/text-area-field.tsx'
import { TextField } from '#components/ui/text-field.tsx'
import { type Role, roles } from '#lib/domain/role.ts'
import { durationOptions } from './duration-options.ts'

type Props = {
  action: FormAction
  space: string
  role: Role
  /** Offered as a choice only where there is more than one. */
  clusters: readonly string[]
  cluster: string
}

const usualDays = '7'

/** Asks for a role in a space whose exact name one knows. */
export function RequestRoleForm({ action, space, role, clusters, cluster }: Props) {
  return (
    <ActionForm action={action} label="Request access" className="max-w-lg space-y-4">
      <TextField mono required label="Space" name="space" defaultValue={space} maxLength={63} hint="Its exact name." />
      {clusters.length > 1 && (
        <SelectField
          label="Cluster"
          name="cluster"
          defaultValue={cluster}
          options={clusters.map((name) => ({ value: name, label: name }))}
        />
      )}
      <SelectField
        label="Role"
        name="role"
        defaultValue={role}
        options={roles.map((each) => ({ value: each, label: each }))}
        hint="A viewer reads all but secrets. An editor works with everything inside. An admin also manages Roles."
      />
      <SelectField
        label="For how long"
        name="days"
        defaultValue={usualDays}
        options={durationOptions(null)}
        hint="Counts from the approval."
      />
      <TextAreaField
        required
        label="Reason"
        name="reason"
        maxLength={1000}
        hint="Those who decide read it, and it stands in the trail."
      />
      <SubmitButton>Request access</SubmitButton>
    </ActionForm>
  )
}
