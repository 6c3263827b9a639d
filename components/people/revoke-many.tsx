import { ActDialog } from '#components/ui/act-dialog.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { maxRevoked } from '#lib/features/credentials/model/max-revoked.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'

type Props = {
  action: FormAction
  /** The ids of those that are selected. */
  chosen: readonly string[]
  /** The filter, as the form's fields. */
  filters: Readonly<Record<string, string>>
  /** How many the filter finds. */
  total: number
}

const stops =
  'They stop working now, wherever they have been copied, and open logs, watches, shells and port-forwards are cut.'

/** Revokes the selected credentials, or all that the filter finds. */
export function RevokeMany({ action, chosen, filters, total }: Props) {
  const filtered = Object.keys(filters).length > 0
  const tooMany = total > maxRevoked
  const all = inNumber(Math.min(total, maxRevoked), 'credential')
  return (
    <div className="mb-3 flex min-h-8 flex-wrap items-center gap-2 text-sm">
      <span className="text-muted">
        {tooMany ? `More than ${maxRevoked} match` : `${total} match`}
        {chosen.length > 0 && `, ${chosen.length} selected`}
      </span>
      {chosen.length > 0 && (
        <ActDialog
          label="Revoke selected"
          title={`Revoke ${inNumber(chosen.length, 'credential')}?`}
          action={action}
          given={{ ids: chosen.join(',') }}
          reason="It is recorded in the audit trail, with each credential."
          size="sm"
        >
          <p>{stops}</p>
        </ActDialog>
      )}
      {filtered && (
        <ActDialog
          label="Revoke all that match"
          title={`Revoke ${all}?`}
          action={action}
          given={filters}
          reason="It is recorded in the audit trail, with each credential."
          size="sm"
        >
          <p>
            Everything that this filter finds on all pages, not only what you see. {stops}
            {tooMany && ` That is the most at once; there are more, so do it again afterwards.`}
          </p>
        </ActDialog>
      )}
    </div>
  )
}
