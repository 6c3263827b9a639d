import { ActDialog } from '#components/ui/act-dialog.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { SelectionBar } from '#components/ui/list/selection-bar.tsx'
import type { ReviewLine } from '#lib/features/reviews/model/review-view.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { maxDecided } from '#lib/kernel/model/requests/review.ts'
import { givenOf } from './given-of.ts'
import { LowerFields } from './lower-fields.tsx'

type Props = {
  action: FormAction
  review: string
  /** The selected lines. */
  chosen: readonly ReviewLine[]
  /** Selects or deselects all lines on the page. */
  selectAll: { count: number; toggle: (on: boolean) => void }
  /** The filter as form fields; empty: no bulk decision without a selection. */
  filters: Readonly<Record<string, string>>
  /** How many lines match the filter. */
  total: number
}

const inTrail = 'Required for several lines. It is recorded with each line in the audit trail and the report.'
/** The lines that are skipped. A selection never contains one's own access. */
const spared = {
  selected: 'Lines that changed since you opened this page are skipped.',
  all: 'Your own access and lines that changed since the review started are skipped.',
}

/** Decides on the selected lines, or on all that match the filter. */
export function BulkActs({ action, review, chosen, selectAll, filters, total }: Props) {
  const filtered = Object.keys(filters).length > 0
  const selected = {
    given: { id: review, ...givenOf(chosen) },
    what: inNumber(chosen.length, 'line'),
    suffix: '',
    spared: spared.selected,
  }
  const all = {
    spared: spared.all,
    given: { id: review, ...filters },
    what: inNumber(Math.min(total, maxDecided), 'line'),
    suffix: ' all that match',
  }
  return (
    <SelectionBar
      chosen={chosen.length}
      selectAll={selectAll}
      text={`${inNumber(total, 'line')} to decide${chosen.length > 0 ? `, ${chosen.length} selected` : ''}`}
    >
      {chosen.length > 0 && <Acts {...selected} action={action} more="" />}
      {chosen.length === 0 && filtered && total > 0 && (
        <Acts
          {...all}
          action={action}
          more={`Applies to all lines that match the filter, on all pages.${total > maxDecided ? ` At most ${maxDecided} at once: repeat for the rest.` : ''} `}
        />
      )}
    </SelectionBar>
  )
}

type ActsProps = {
  action: FormAction
  given: Record<string, string>
  what: string
  suffix: string
  more: string
  spared: string
}

const Acts = ({ action, given, what, suffix, more, spared }: ActsProps) => (
  <>
    <ActDialog
      label={`Keep${suffix}`}
      title={`Keep ${what}?`}
      action={action}
      given={{ ...given, decision: 'keep' }}
      reason={inTrail}
      variant="secondary"
      size="sm"
    >
      <p>
        {more}Everyone keeps their access. {spared}
      </p>
    </ActDialog>
    <ActDialog
      label={`Lower role${suffix === '' ? '' : ' of all that match'}`}
      title={`Lower the roles of ${what}?`}
      action={action}
      given={{ ...given, decision: 'lower' }}
      reason={inTrail}
      variant="secondary"
      size="sm"
    >
      <LowerFields below="admin" />
      <p>
        {more}Roles that aren’t higher stay undecided. {spared}
      </p>
    </ActDialog>
    <ActDialog
      label={`Revoke${suffix}`}
      title={`Revoke ${what}?`}
      action={action}
      given={{ ...given, decision: 'revoke' }}
      reason={inTrail}
      variant="danger-outline"
      size="sm"
    >
      <p>
        {more}These people and groups lose their roles immediately and their open connections are closed. People are
        notified. {spared}
      </p>
    </ActDialog>
  </>
)
