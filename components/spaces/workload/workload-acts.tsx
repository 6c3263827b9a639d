'use client'

import { useState } from 'react'
import { kubectlDelete, kubectlScale } from '#components/spaces/kubectl-lines.ts'
import { SpaceFields } from '#components/spaces/space-fields.tsx'
import { spaceForm } from '#components/spaces/space-form.ts'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { Alert } from '#components/ui/alert.tsx'
import { DialogActions, DialogButton } from '#components/ui/dialog.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import type { WorkloadAutoscaler } from '#lib/features/spaces/model/workload-view.ts'
import { idle } from '#lib/kernel/model/action-state.ts'
import { KubectlLine } from './kubectl-line.tsx'
import { RestartForm, type RestartFormProps } from './restart-form.tsx'

type Props = {
  address: SpaceAddress
  /** `Deployment/web`. */
  of: string
  name: string
}

type RestartProps = RestartFormProps & { name: string }

/** Replaces a workload’s pods, after explaining how. */
export const RestartWorkload = ({ name, ...given }: RestartProps) => (
  <DialogButton label="Restart" icon="refresh" size="sm" title={`Restart ${name}?`}>
    <RestartForm {...given} />
  </DialogButton>
)

type ScaleProps = Props & { action: FormAction; replicas: number; autoscaler: WorkloadAutoscaler | null }

/** Changes the number of a workload's pods. */
export function ScaleWorkload({ address, of, name, action, replicas, autoscaler }: ScaleProps) {
  const [pods, setPods] = useState(`${replicas}`)
  return (
    <DialogButton label="Scale" size="sm" title={`Scale ${name}`}>
      <ActionForm action={action} undo={() => action(idle, spaceForm(address, { of, replicas: `${replicas}` }))}>
        <SpaceFields space={address} />
        <input type="hidden" name="of" value={of} />
        <TextField
          label="Pods"
          name="replicas"
          type="number"
          inputMode="numeric"
          min={0}
          max={1000}
          step={1}
          defaultValue={replicas}
          onChange={({ target }) => setPods(target.value)}
          className="max-w-40"
          hint="0 stops it, and keeps its configuration and volumes."
        />
        {autoscaler && (
          <Alert kind="warn" title={`The autoscaler ${autoscaler.name} controls this`} className="mt-3">
            <p>
              It keeps {name} between {autoscaler.min} and {autoscaler.max} pods and soon reverts your choice. At 0 it
              pauses until you scale up again.
            </p>
          </Alert>
        )}
        <p className="mt-3 text-muted text-sm">
          Scaling down stops the extra pods. Scaling up uses more of the quota. The next apply of this workload’s
          manifest may change it back.
        </p>
        <KubectlLine line={kubectlScale(of, pods)} />
        <DialogActions>
          <SubmitButton>Scale</SubmitButton>
        </DialogActions>
      </ActionForm>
    </DialogButton>
  )
}

type DeleteProps = Pick<Props, 'address' | 'name'> & {
  action: FormAction
  uid: string
  /** What creates a replacement: `Deployment web`; null: nothing. */
  maker: string | null
}

/** Deletes a pod, after saying whether it is replaced. */
export function DeletePod({ address, name, action, uid, maker }: DeleteProps) {
  return (
    <DialogButton
      label="Delete"
      accessibleLabel={`Delete pod ${name}`}
      size="sm"
      variant="danger-quiet"
      title={`Delete pod ${name}?`}
    >
      <ActionForm action={action}>
        <SpaceFields space={address} />
        <input type="hidden" name="of" value={`Pod/${name}`} />
        <input type="hidden" name="uid" value={uid} />
        <p>
          The pod gets its termination grace period (30 seconds by default), then is killed. Its logs and any data
          outside volumes are lost.
        </p>
        <p className="mt-2">
          {maker ? `${maker} starts another pod in its place.` : <strong>Nothing replaces it.</strong>}
        </p>
        <KubectlLine line={kubectlDelete(`Pod/${name}`)} />
        <DialogActions>
          <SubmitButton variant="danger">Delete pod</SubmitButton>
        </DialogActions>
      </ActionForm>
    </DialogButton>
  )
}
