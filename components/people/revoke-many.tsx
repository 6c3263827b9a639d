import { ActDialog } from '#components/ui/act-dialog.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { SelectAll, type SelectAllProps } from '#components/ui/list/select-all.tsx'
import { maxRevoked } from '#lib/features/credentials/model/max-revoked.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'

type Props = {
  action: FormAction
  /** The ids of the selected credentials. */
  chosen: readonly string[]
  selectAll: Omit<SelectAllProps, 'chosen'>
  /** The filter, as form fields. */
  filters: Readonly<Record<string, string>>
  /** The number of matches. */
  total: number
}

const stops =
  'They stop working immediately, including all copies, and open logs, watches, shells and port-forwards are cut.'

/** Revokes the selected credentials, or all that match the filter. */
export function RevokeMany({ action, chosen, selectAll, filters, total }: Props) {
  const filtered = Object.keys(filters).length > 0
  const tooMany = total > maxRevoked
  const all = inNumber(Math.min(total, maxRevoked), 'credential')
  return (
    <div className="ml-auto flex min-h-8 flex-wrap items-center gap-2 text-sm">
      <SelectAll chosen={chosen.length} {...selectAll} />
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
          reason="Recorded in the audit trail, with each credential."
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
          reason="Recorded in the audit trail, with each credential."
          size="sm"
        >
          <p>
            This covers all matches on all pages, not only those shown. {stops}
            {tooMany && ` This is the limit per revocation. More credentials match, so repeat it afterwards.`}
          </p>
        </ActDialog>
      )}
    </div>
  )
}
