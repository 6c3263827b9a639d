'use client'

import { useState } from 'react'
import { ActDialog } from '#components/ui/act-dialog.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { SelectBox, selectColumn } from '#components/ui/form/select-box.tsx'
import { SelectionBar } from '#components/ui/list/selection-bar.tsx'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import type { CredentialView } from '#lib/kernel/model/people/credential-view.ts'
import { credentialLabel } from './credential-label.ts'
import { CredentialTable } from './credential-table.tsx'

type Props = {
  rows: readonly CredentialView[]
  defaultCluster: string
  now: Date
  revoke: FormAction
  revokeSeveral: FormAction
}

/** The most to revoke at once (revoke-credentials.ts). */
const maxAtOnce = 200

/** One’s own active credentials, to revoke one by one or several at once. */
export function OwnCredentials({ rows, defaultCluster, now, revoke, revokeSeveral }: Props) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const chosen = rows.filter(({ id }) => selected.has(id)).slice(0, maxAtOnce)
  return (
    <div>
      {rows.length > 1 && (
        <SelectionBar
          chosen={chosen.length}
          selectAll={{
            count: Math.min(rows.length, maxAtOnce),
            toggle: (on) => setSelected(new Set(on ? rows.slice(0, maxAtOnce).map(({ id }) => id) : [])),
          }}
          text={chosen.length > 0 ? `${chosen.length} selected` : ''}
        >
          {chosen.length > 0 && (
            <ActDialog
              label="Revoke selected"
              title={`Revoke ${inNumber(chosen.length, 'kubeconfig')}?`}
              action={revokeSeveral}
              given={{ ids: chosen.map(({ id }) => id).join(',') }}
              reason={null}
              size="sm"
            >
              <ul className="max-h-48 list-disc space-y-0.5 overflow-y-auto pl-5">
                {chosen.map((one) => (
                  <li key={one.id} className="wrap-anywhere">
                    {credentialLabel(one)}
                  </li>
                ))}
              </ul>
              <p>
                They stop working immediately, wherever they have been copied, and open logs, shells and port-forwards
                are cut.
              </p>
              <p className="text-muted">Your workloads keep running.</p>
            </ActDialog>
          )}
        </SelectionBar>
      )}
      <CredentialTable
        caption="Active credentials"
        rows={rows}
        defaultCluster={defaultCluster}
        now={now}
        revoke={revoke}
        {...(rows.length > 1 && {
          select: {
            ...selectColumn,
            cell: (row: CredentialView) => (
              <SelectBox
                id={row.id}
                name={`the kubeconfig ${credentialLabel(row)}`}
                selected={selected}
                setSelected={setSelected}
              />
            ),
          },
        })}
      />
    </div>
  )
}
