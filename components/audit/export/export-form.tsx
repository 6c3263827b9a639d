'use client'

import { useState } from 'react'
import { auditHref } from '#components/audit/audit-href.ts'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { FormActions } from '#components/ui/form/form-actions.tsx'
import { RadioCards } from '#components/ui/form/radio-cards.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import type { AuditFilterText } from '#lib/features/audit/model/audit-filter.ts'

const formats = [
  {
    value: 'ndjson',
    label: 'CloudEvents',
    detail: 'One JSON event per line, with the proof data. Without a filter, the whole chain can be verified offline.',
  },
  { value: 'csv', label: 'CSV', detail: 'For spreadsheets: one row per action, with its outcome.' },
] as const

type Props = {
  filters: AuditFilterText
  /** The filter in words. */
  what: string
  action: FormAction<undefined>
}

/** Starts an export of the entries that match the page’s filter. */
export function ExportForm({ filters, what, action }: Props) {
  const [format, setFormat] = useState<string>('ndjson')
  return (
    <ActionForm action={action} label="New export">
      {Object.entries(filters).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <p className="mb-4 text-sm">
        <span className="text-muted">Entries: </span>
        <span className="wrap-anywhere">{what}</span>
      </p>
      <RadioCards legend="Format" name="format" options={formats} value={format} onChange={setFormat} />
      <div className="mt-4">
        <FormActions>
          <SubmitButton icon="download">Start export</SubmitButton>
          <LinkButton variant="quiet" href={auditHref('/audit', filters)}>
            Change the filter
          </LinkButton>
        </FormActions>
      </div>
    </ActionForm>
  )
}
