'use client'

import { SpaceFields } from '#components/spaces/space-fields.tsx'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { DialogActions } from '#components/ui/dialog.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import type { UpdateStrategy } from '#lib/features/spaces/model/workload-view.ts'

export type RestartGiven = {
  address: SpaceAddress
  /** `Deployment/web`. */
  of: string
  action: FormAction
  pods: number
  /** `unknown`: a list of workloads doesn’t tell; null: the kind’s default. */
  strategy: UpdateStrategy | 'unknown' | null
}

const lost = ' What they hold in memory, and on disks that aren’t volumes, is lost.'
const howReplaced: Readonly<Record<UpdateStrategy | 'unknown', string>> = {
  RollingUpdate: ` replaced bit by bit, so that others keep running meanwhile if there is more than one.${lost}`,
  Recreate: ` stopped before new ones start: it is down for that time.${lost}`,
  OnDelete: ' replaced only as somebody deletes them, because its update strategy is OnDelete.',
  unknown: ` replaced as its update strategy says: by default bit by bit, so that others keep running meanwhile.${lost}`,
}

/** In a dialog: how a workload’s pods are replaced, and the button that does it. */
export const RestartForm = ({ address, of, action, pods, strategy }: RestartGiven) => (
  <ActionForm action={action}>
    <SpaceFields space={address} />
    <input type="hidden" name="of" value={of} />
    <p>
      {pods === 1 ? 'Its pod is' : `Its ${pods} pods are`}
      {howReplaced[strategy ?? 'RollingUpdate']}
    </p>
    <DialogActions>
      <SubmitButton>Restart</SubmitButton>
    </DialogActions>
  </ActionForm>
)
