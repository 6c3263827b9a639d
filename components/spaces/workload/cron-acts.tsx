'use client'

import { kubectlRunNow, kubectlSuspend } from '#components/spaces/kubectl-lines.ts'
import { SpaceFields } from '#components/spaces/space-fields.tsx'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { DialogActions, DialogButton } from '#components/ui/dialog.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { KubectlLine } from './kubectl-line.tsx'

type Props = { address: SpaceAddress; name: string; uid: string; action: FormAction }

const Target = ({ address, name, uid }: Omit<Props, 'action'>) => (
  <>
    <SpaceFields space={address} />
    <input type="hidden" name="of" value={`CronJob/${name}`} />
    <input type="hidden" name="uid" value={uid} />
  </>
)

/** Starts a Job of a CronJob. */
export const RunNow = ({ action, ...target }: Props) => (
  <DialogButton label="Run now" size="sm" title={`Run ${target.name} now?`}>
    <ActionForm action={action}>
      <Target {...target} />
      <p>A Job starts from its template. Its schedule doesn’t change.</p>
      <KubectlLine line={kubectlRunNow(target.name)} />
      <DialogActions>
        <SubmitButton>Run now</SubmitButton>
      </DialogActions>
    </ActionForm>
  </DialogButton>
)

/** Suspends a CronJob, or resumes it. */
export function SuspendCronJob({ action, suspended, ...target }: Props & { suspended: boolean }) {
  const label = suspended ? 'Resume' : 'Suspend'
  return (
    <DialogButton label={label} size="sm" title={`${label} ${target.name}?`}>
      <ActionForm action={action}>
        <Target {...target} />
        <input type="hidden" name="suspend" value={String(!suspended)} />
        <p>
          {suspended
            ? 'Its schedule counts again. A run that it missed may start at once.'
            : 'It starts no more Jobs until you resume it. Running ones continue.'}
        </p>
        <KubectlLine line={kubectlSuspend(target.name, !suspended)} />
        <DialogActions>
          <SubmitButton>{label}</SubmitButton>
        </DialogActions>
      </ActionForm>
    </DialogButton>
  )
}
