import { ActDialog } from '#components/ui/act-dialog.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { DateField } from '#components/ui/form/date-field.tsx'
import type { ReviewDetail } from '#lib/features/reviews/model/review-view.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'

type Props = {
  review: ReviewDetail
  actions: { extend: FormAction; end: FormAction }
  /** The earliest and the latest end: `2026-12-31`. */
  days: { min: string; max: string }
}

const inTrail = 'It is recorded in the audit trail.'

/** A platform admin's actions on an open review. */
export function ReviewActs({ review: { id, name, counts, undecided }, actions, days }: Props) {
  const open = inNumber(counts.open, 'line')
  return (
    <>
      <ActDialog
        label="Extend"
        title={`Extend “${name}”?`}
        action={actions.extend}
        given={{ id }}
        reason={inTrail}
        variant="secondary"
      >
        <p>
          {open} {counts.open === 1 ? 'is' : 'are'} still undecided. Those roles stay in effect until the new end, and
          reviewers are reminded before it.
        </p>
        <DateField label="New end" name="dueAt" {...days} defaultValue={days.min} hint="Until 23:59 UTC." />
      </ActDialog>
      <ActDialog label="Close now" title={`Close “${name}” now?`} action={actions.end} given={{ id }} reason={inTrail}>
        {undecided === 'revoke' ? (
          <p>
            <strong>
              {open} without a decision {counts.open === 1 ? 'is' : 'are'} revoked now:
            </strong>{' '}
            those people and groups lose their roles and their open connections are closed. Bindings that Spaceport
            didn’t make stay.
          </p>
        ) : (
          <p>
            <strong>{open} without a decision</strong> {counts.open === 1 ? 'stays as it is' : 'stay as they are'}.
          </p>
        )}
        <p>No decisions are possible afterwards. The report is written and its hash recorded in the audit trail.</p>
      </ActDialog>
    </>
  )
}
