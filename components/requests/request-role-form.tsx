'use client'

import { standingLabel } from '#components/spaces/standing-label.ts'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { FormActions } from '#components/ui/form/form-actions.tsx'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { TextAreaField } from '#components/ui/form/text-area-field.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { type Role, roles } from '#lib/kernel/model/access/role.ts'
import { RoleTermFields } from './role-term-fields.tsx'

type Props = {
  action: FormAction
  space: string
  role: Role
  /** The field's initial value. */
  reason: string
  /** Shown only if there is more than one. */
  clusters: readonly string[]
  cluster: string
}

/** Requests a role in a space by its exact name. */
export function RequestRoleForm({ action, space, role, reason, clusters, cluster }: Props) {
  return (
    <ActionForm action={action} label="Request access" className="space-y-4">
      <TextField
        mono
        required
        label="Space"
        name="space"
        defaultValue={space}
        maxLength={63}
        hint="The exact name of the space."
      />
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
        options={roles.map((each) => ({ value: each, label: standingLabel(each) }))}
        hint="Viewers can see everything except secrets. Editors can also change things and open shells. Admins can also manage members and, if the role has no end date, Roles and RoleBindings on the cluster."
      />
      <RoleTermFields />
      <TextAreaField
        required
        label="Reason"
        name="reason"
        maxLength={1000}
        defaultValue={reason}
        hint="Shown to the person who decides, and kept in the audit trail."
      />
      <FormActions>
        <SubmitButton>Request access</SubmitButton>
        <LinkButton href="/requests">Cancel</LinkButton>
      </FormActions>
    </ActionForm>
  )
}
