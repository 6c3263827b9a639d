'use client'

import { kubectlUndo } from '#components/spaces/kubectl-lines.ts'
import { SpaceFields } from '#components/spaces/space-fields.tsx'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { DialogActions, DialogButton } from '#components/ui/dialog.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import type { Revision, TemplateChange } from '#lib/features/spaces/model/revision.ts'
import type { WorkloadRef } from '#lib/features/spaces/model/workload-view.ts'
import { KubectlLine } from './kubectl-line.tsx'

type Props = {
  address: SpaceAddress
  of: WorkloadRef
  action: FormAction
  revision: Revision
  /** Of the workload’s template now. */
  digest: string
}

/** Restores a revision’s pod template, after naming what changes. */
export function RollBack({ address, of, action, revision, digest }: Props) {
  const { name, number, digest: to, change } = revision
  return (
    <DialogButton
      label="Roll back"
      accessibleLabel={`Roll back to revision ${number}`}
      size="sm"
      variant="quiet"
      title={`Roll back ${of.name} to revision ${number}?`}
    >
      <ActionForm action={action}>
        <SpaceFields space={address} />
        <input type="hidden" name="of" value={`${of.kind}/${of.name}`} />
        <input type="hidden" name="revision" value={name} />
        <input type="hidden" name="from" value={digest} />
        <input type="hidden" name="to" value={to} />
        <Changes {...change} />
        <p className="mt-3 text-muted text-sm">
          Its pods are replaced according to its update strategy. The next apply of this workload’s manifest may change
          it back.
        </p>
        <KubectlLine line={kubectlUndo(`${of.kind}/${of.name}`, number)} />
        <DialogActions>
          <SubmitButton>Roll back</SubmitButton>
        </DialogActions>
      </ActionForm>
    </DialogButton>
  )
}

function Changes({ images, other }: TemplateChange) {
  if (images.length === 0)
    return (
      <p>
        {other
          ? 'The images stay the same. Other parts of the pod template change, such as environment variables.'
          : 'The pod template stays the same.'}
      </p>
    )
  return (
    <>
      <ul className="space-y-3">
        {images.map(({ container, from, to }) => (
          <li key={container} className="wrap-anywhere">
            <span className="font-medium font-mono">{container}</span>
            {from !== null && to !== null ? (
              <span className="block text-sm">
                from <span className="font-mono">{from}</span> to <span className="font-mono">{to}</span>
              </span>
            ) : (
              <span className="block text-sm">
                {to === null ? 'is removed, with ' : 'is added, with '}
                <span className="font-mono">{to ?? from}</span>
              </span>
            )}
          </li>
        ))}
      </ul>
      {other && <p className="mt-3">Other parts of the pod template change too, such as environment variables.</p>}
    </>
  )
}
