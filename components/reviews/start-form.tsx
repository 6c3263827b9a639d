'use client'

import { DialogActions, DialogButton } from '#components/ui/dialog.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { DateField } from '#components/ui/form/date-field.tsx'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import { NarrowingFields } from './narrowing-fields.tsx'
import { RuleField } from './rule-field.tsx'

type Props = {
  action: FormAction
  clusters: readonly string[]
  /** Days as in date inputs: `2026-12-31`. */
  days: { today: string; tomorrow: string; usual: string; latest: string }
}

/** Starts a review manually. */
export const StartForm = ({ action, clusters, days: { today, tomorrow, usual, latest } }: Props) => (
  <DialogButton label="Start review" title="Start an access review" variant="primary" icon="plus">
    <ActionForm action={action} className="space-y-4" label="Start an access review">
      <p className="text-muted text-sm">
        A review records everyone’s current access. Each space’s owner decides who keeps it; platform admins decide on
        spaces without an active owner and on the owner’s own access.
      </p>
      <TextField label="Name" name="name" maxLength={80} defaultValue={`Access review ${today}`} />
      <DateField
        label="Ends"
        name="dueAt"
        min={tomorrow}
        max={latest}
        presetsFrom={tomorrow}
        defaultValue={usual}
        hint="Until 23:59 UTC."
      />
      <RuleField rule="keep" />
      {clusters.length > 1 && (
        <SelectField
          label="Cluster"
          name="cluster"
          options={[
            { value: '', label: 'All clusters' },
            ...clusters.map((cluster) => ({ value: cluster, label: cluster })),
          ]}
        />
      )}
      <NarrowingFields />
      <DialogActions>
        <SubmitButton>Start review</SubmitButton>
      </DialogActions>
    </ActionForm>
  </DialogButton>
)
