import { kubectlEdit } from '#components/spaces/kubectl-lines.ts'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { Alert } from '#components/ui/alert.tsx'
import { BackLink } from '#components/ui/back-link.tsx'
import type { WorkloadRef } from '#lib/features/spaces/model/workload-view.ts'
import { EditForm, type EditFormAction } from './edit-form.tsx'
import { KubectlLine } from './kubectl-line.tsx'

type Props = {
  address: SpaceAddress
  of: WorkloadRef
  /** `tooLong`: for a form. */
  editable: { text: string; base: string; tooLong: boolean }
  action: EditFormAction
}

/** The editor of a workload's manifest. */
export function EditView({ address, of, editable, action }: Props) {
  const { kind, name } = of
  const { text, base, tooLong } = editable
  return (
    <div className="space-y-4">
      <div>
        <BackLink href={spacePath(address, 'workload', { of: `${kind}/${name}` })} label={`${kind} ${name}`} />
        <h2 tabIndex={-1} className="wrap-anywhere">
          Edit {kind} <span className="font-mono">{name}</span>
        </h2>
        <p className="max-w-prose text-muted text-sm">
          Without status and managedFields. Values that look secret aren’t hidden here.
        </p>
      </div>
      {tooLong ? (
        <Alert kind="warn" title="This manifest is too long to edit here">
          <p>Use kubectl instead.</p>
        </Alert>
      ) : (
        <EditForm {...{ address, of, text, base, action }} />
      )}
      <KubectlLine line={kubectlEdit(`${kind}/${name}`)} />
    </div>
  )
}
