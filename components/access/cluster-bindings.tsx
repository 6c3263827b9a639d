import { Alert } from '#components/ui/alert.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { DataTable } from '#components/ui/list/data-table.tsx'
import type { BindingState, ClusterBinding } from '#lib/features/access/model/cluster-binding.ts'

type Shown = ClusterBinding & { leftOut: number }
type Props = { found: { bindings: readonly Shown[]; more: boolean } | null }

const states: Readonly<Record<BindingState, string>> = {
  foreign: 'Not made by Spaceport',
  changed: 'Changed on the cluster',
  missing: 'Missing on the cluster',
  made: 'Unchanged',
}

/** The bindings on the cluster that give permissions in a space. */
export function ClusterBindings({ found }: Props) {
  if (!found)
    return (
      <Alert kind="info" title="This space has no namespace on its cluster">
        <p>It is being created or deleted, or its namespace was deleted. No one can use it with kubectl.</p>
      </Alert>
    )
  const { bindings, more } = found
  const odd = bindings.filter(({ state }) => state !== 'made').length
  return (
    <>
      {odd > 0 ? (
        <Alert
          kind="warn"
          title={`${odd === 1 ? 'One binding gives' : `${odd} bindings give`} permissions that differ from Spaceport’s`}
          className="mb-3"
        >
          <p>Spaceport restores its own bindings. Others stay until their creator or a cluster admin removes them.</p>
        </Alert>
      ) : (
        <p className="mb-3 text-muted text-sm">Only Spaceport’s own bindings give people permissions here.</p>
      )}
      {bindings.length > 0 && (
        <DataTable
          caption="Bindings on the cluster"
          rows={bindings}
          rowKey={({ kind, name }) => `${kind}/${name}`}
          columns={[
            {
              key: 'binding',
              header: 'Binding',
              primary: true,
              cell: ({ kind, name }) => (
                <>
                  <span className="wrap-anywhere font-mono">{name}</span>
                  <span className="block font-normal text-muted text-xs">{kind}</span>
                </>
              ),
            },
            {
              key: 'state',
              header: 'State',
              cell: ({ state }) => (
                <Badge tone={state === 'made' ? 'ok' : 'warn'} icon={state === 'made' ? 'check' : 'alert-triangle'}>
                  {states[state]}
                </Badge>
              ),
            },
            {
              key: 'role',
              header: 'Gives',
              wraps: 'text',
              cell: ({ roleRef }) => (
                <>
                  {roleRef.kind} <span className="wrap-anywhere font-mono">{roleRef.name}</span>
                </>
              ),
            },
            { key: 'to', header: 'To', wraps: 'text', cell: (binding) => <Subjects binding={binding} /> },
          ]}
        />
      )}
      {more && <p className="mt-3 text-muted text-sm">Not all bindings are shown.</p>}
    </>
  )
}

function Subjects({ binding: { subjects, leftOut } }: { binding: Shown }) {
  if (subjects.length === 0) return <span className="text-muted">Nobody</span>
  return (
    <ul className="space-y-0.5">
      {subjects.map(({ kind, namespace, name }) => (
        <li key={`${kind} ${namespace} ${name}`} className="wrap-anywhere">
          {kind} <span className="font-mono">{namespace === undefined ? name : `${namespace}/${name}`}</span>
        </li>
      ))}
      {leftOut > 0 && <li className="text-muted">and {leftOut} more</li>}
    </ul>
  )
}
