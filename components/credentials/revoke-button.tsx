'use client'

import { DialogActions, DialogButton } from '#components/ui/dialog.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import type { CredentialView } from '#lib/kernel/model/people/credential-view.ts'
import { credentialLabel } from './credential-label.ts'

type Props = {
  action: FormAction
  credential: CredentialView
}

/** Revokes one credential, after saying what stops working. */
export function RevokeButton({ action, credential }: Props) {
  const { id, name, space } = credential
  const reach = space?.name ?? 'all your spaces'
  return (
    <DialogButton
      size="sm"
      variant="danger-quiet"
      label="Revoke"
      accessibleLabel={`Revoke the kubeconfig ${credentialLabel(credential)}`}
      title="Revoke this kubeconfig?"
    >
      <ActionForm action={action} okMessage={`Revoked the kubeconfig for ${reach}. kubectl can’t use it anymore.`}>
        <input type="hidden" name="id" value={id} />
        <div className="space-y-2 text-sm">
          <p>
            This kubeconfig{name && ` “${name}”`} for <strong className="wrap-anywhere">{reach}</strong> stops working
            immediately, wherever it has been copied:
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
