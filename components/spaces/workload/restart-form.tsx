'use client'

import { kubectlRestart } from '#components/spaces/kubectl-lines.ts'
import { SpaceFields } from '#components/spaces/space-fields.tsx'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { DialogActions } from '#components/ui/dialog.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import type { UpdateStrategy } from '#lib/features/spaces/model/workload-view.ts'
import { KubectlLine } from './kubectl-line.tsx'

export type RestartFormProps = {
  address: SpaceAddress
  /** `Deployment/web`. */
  of: string
  action: FormAction
  pods: number
  /** `unknown`: a list of workloads lacks it; null: the kind’s default. */
  strategy: UpdateStrategy | 'unknown' | null
}

const lost = ' Data in memory, and on disk outside volumes, is lost.'
const howReplaced: Readonly<Record<UpdateStrategy | 'unknown', string>> = {
  RollingUpdate: ` replaced gradually, so others keep running in the meantime if there is more than one.${lost}`,
  Recreate: ` stopped before new ones start, so the workload is down for that time.${lost}`,
  OnDelete: ' replaced only when you delete them, because its update strategy is OnDelete.',
  unknown: ` replaced according to its update strategy: by default gradually, so others keep running.${lost}`,
}

/** In a dialog: how a workload’s pods are replaced, and the button to do it. */
export const RestartForm = ({ address, of, action, pods, strategy }: RestartFormProps) => (
  <ActionForm action={action}>
    <SpaceFields space={address} />
    <input type="hidden" name="of" value={of} />
    <p>
      {pods === 1 ? 'Its pod is' : `Its ${pods} pods are`}
      {howReplaced[strategy ?? 'RollingUpdate']}
    </p>
    <KubectlLine line={kubectlRestart(of)} />
    <DialogActions>
      <SubmitButton>Restart</SubmitButton>
    </DialogActions>
  </ActionForm>
)
