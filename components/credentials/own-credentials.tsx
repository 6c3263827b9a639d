'use client'

import { useState } from 'react'
import { ActDialog } from '#components/ui/act-dialog.tsx'
import type { FormAction } from '#components/ui/action-form.tsx'
import type { CredentialView } from '#lib/domain/credential-view.ts'
import { inNumber } from '#lib/domain/in-number.ts'
import { CredentialTable } from './credential-table.tsx'
import { SelectBox } from './select-box.tsx'

type Props = {
  rows: readonly CredentialView[]
  defaultCluster: string
  revoke: FormAction
  revokeSeveral: FormAction
}

/** One’s own active credentials, to be revoked one by one or several at once. */
export function OwnCredentials({ rows, defaultCluster, revoke, revokeSeveral }: Props) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const chosen = rows.map(({ id }) => id).filter((id) => selected.has(id))
  return (
    <div>
      <CredentialTable
        caption="Active credentials"
        rows={rows}
        defaultCluster={defaultCluster}
        revoke={revoke}
        {...(rows.length > 1 && {
          select: {
            key: 'select',
            header: 'Select',
            headerHidden: true,
            cell: ({ id, space }: CredentialView) => (
              <SelectBox
                id={id}
                name={`yours for ${space?.name ?? 'all your spaces'}`}
                selected={selected}
                setSelected={setSelected}
              />
            ),
          },
        })}
      />
      {chosen.length > 0 && (
        <div className="mt-3">
          <ActDialog
            label="Revoke selected"
            title={`Revoke ${inNumber(chosen.length, 'kubeconfig')}?`}
            action={revokeSeveral}
            given={{ ids: chosen.slice(0, 200).join(',') }}
            reason={null}
            size="sm"
          >
            <p>
              They stop working immediately, wherever they have been copied, and open logs, shells and port-forwards are
              cut.
            </p>
            <p className="text-muted">Your workloads keep running.</p>
          </ActDialog>
        </div>
      )}
    </div>
  )
}
