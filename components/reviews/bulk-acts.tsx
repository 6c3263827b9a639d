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
  /** Those that are selected. */
  chosen: readonly ReviewLine[]
  /** Selects all that the page shows, or none of them. */
  selectAll: { count: number; toggle: (on: boolean) => void }
  /** The filter, as the form’s fields; none: not all at once. */
  filters: Readonly<Record<string, string>>
  /** How many the filter finds. */
  total: number
}

const inTrail = 'Required for several at once. It is recorded in the audit trail and the report, with each line.'
/** What is left alone: of what was selected, nothing is anybody’s own. */
const spared = {
  selected: 'What has changed since you opened this page is left alone.',
  all: 'Your own access, and what has changed since the review started, is left alone.',
}

/** Decides about the selected lines, or about all that the filter finds. */
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
          more={`Everything that this filter finds on all pages, not only what you see.${total > maxDecided ? ` ${maxDecided} at once: do it again for the rest.` : ''} `}
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
        {more}Everybody keeps what they have. {spared}
      </p>
    </ActDialog>
    <ActDialog
      label={`Revoke${suffix}`}
      title={`Revoke ${what}?`}
      action={action}
      given={{ ...given, decision: 'revoke' }}
      reason={inTrail}
      size="sm"
    >
      <p>
        {more}These people and groups lose their roles now, and what they have open is cut. They are told. {spared}
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
  </>
)
