'use client'

import { DialogActions, DialogButton } from '#components/ui/dialog.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { DateField } from '#components/ui/form/date-field.tsx'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import type { ReviewSchedule } from '#lib/features/reviews/model/review-view.ts'
import { maxReviewDays, scheduleMonths } from '#lib/kernel/model/requests/review.ts'
import { RuleField } from './rule-field.tsx'
import { monthsInWords } from './schedule-in-words.ts'

type Props = { action: FormAction; schedule: ReviewSchedule; tomorrow: string }

/** Sets the schedule of automatic reviews. */
export const ScheduleForm = ({ action, schedule, tomorrow }: Props) => (
  <DialogButton label="Change schedule" title="When access reviews start" size="sm">
    <ActionForm action={action} className="space-y-4" label="When access reviews start">
      <p className="text-muted text-sm">A scheduled review covers all spaces of all clusters.</p>
      <SelectField
        label="How often"
        name="months"
        defaultValue={`${schedule.months ?? ''}`}
        options={[
          ...scheduleMonths.map((months) => ({ value: `${months}`, label: monthsInWords(months) })),
          { value: '', label: 'Never' },
        ]}
      />
      <DateField
        label="Next start"
        name="nextOn"
        min={tomorrow}
        defaultValue={schedule.nextOn < tomorrow ? tomorrow : schedule.nextOn}
      />
      <TextField
        label="Days to decide"
        name="dueDays"
        inputMode="numeric"
        defaultValue={`${schedule.dueDays}`}
        hint={`At most ${maxReviewDays}. Reviewers are reminded 7, 3 and 1 days before the end.`}
      />
      <RuleField rule={schedule.undecided} />
      <DialogActions>
        <SubmitButton>Save</SubmitButton>
      </DialogActions>
    </ActionForm>
  </DialogButton>
)
