'use client'

import { useMemo } from 'react'
import { ActionForm, type FormAction } from '#components/ui/action-form.tsx'
import { announced } from '#components/ui/announced.ts'
import { DialogActions, DialogButton } from '#components/ui/dialog.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'

type Props = {
  action: FormAction
  id: string
  /** What the credential is for: a space's name, or null for all of the person's spaces. */
  space: string | null
}

/** Revokes one credential, after saying what stops working. */
export function RevokeButton({ action, id, space }: Props) {
  const run = useMemo(() => announced(action), [action])
  const reach = space ?? 'all your spaces'
  return (
    <DialogButton
      size="sm"
      variant="danger-quiet"
      label="Revoke"
      accessibleLabel={`Revoke the kubeconfig for ${reach}`}
      title="Revoke this kubeconfig?"
    >
      <ActionForm action={run}>
        <input type="hidden" name="id" value={id} />
        <div className="space-y-2 text-sm">
          <p>
            This kubeconfig for <strong className="wrap-anywhere">{reach}</strong> stops working immediately, wherever
            it has been copied:
          </p>
          <ul className="list-disc space-y-1 pl-5">
            <li>scripts and pipelines that use it fail;</li>
            <li>open logs, shells and port-forwards are cut.</li>
          </ul>
          <p className="text-muted">Your workloads keep running, and you can download a new kubeconfig at any time.</p>
        </div>
        <DialogActions>
          <SubmitButton variant="danger">Revoke</SubmitButton>
        </DialogActions>
      </ActionForm>
    </DialogButton>
  )
}
