import type { ContainerSettings, Variable, VariableSet } from '#lib/features/spaces/model/container-settings.ts'

const words: Readonly<Record<string, string>> = { cpu: 'CPU', memory: 'Memory', 'ephemeral-storage': 'Disk' }

/** The containers of a workload: image, requests and limits, and where each variable comes from. */
export const ContainerList = ({ containers }: { containers: readonly ContainerSettings[] }) => (
  <ul className="divide-y">
    {containers.map((container) => (
      <li key={container.name} className="wrap-anywhere space-y-2 px-4 py-3 sm:px-5">
        <div>
          <span className="font-medium font-mono">{container.name}</span>
          {container.init && <span className="text-muted text-sm"> runs first</span>}
          <span className="block font-mono text-muted text-xs">{container.image}</span>
        </div>
        <Resources resources={container.resources} />
        <Environment {...container} />
      </li>
    ))}
  </ul>
)

const Resources = ({ resources }: Pick<ContainerSettings, 'resources'>) =>
  resources.length === 0 ? (
    <p className="text-muted text-sm">The space’s default requests and limits apply.</p>
  ) : (
    <ul aria-label="Requests and limits" className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
      {resources.map(({ resource, request, limit }) => (
        <li key={resource}>
          {words[resource] ?? resource}{' '}
          <span className="text-muted tabular-nums">
            {[request && `requests ${request}`, limit && `limit ${limit}`].filter(Boolean).join(', ')}
          </span>
        </li>
      ))}
    </ul>
  )

function Environment({ name, variables, sets }: ContainerSettings) {
  const count = variables.length + sets.length
  if (count === 0) return null
  return (
    <details className="text-sm" open={count <= 10}>
      <summary className="min-h-6 cursor-pointer">Environment {count}</summary>
      <dl aria-label={`Environment of ${name}`} className="mt-1 space-y-1">
        {sets.map((set) => (
          <Row key={`${set.from}/${set.name}/${set.prefix}`} name={set.prefix ? `${set.prefix}*` : '*'}>
            {setInWords(set)}
          </Row>
        ))}
        {variables.map((variable) => (
          <Row key={variable.name} name={variable.name}>
            {sourceInWords(variable)}
          </Row>
        ))}
      </dl>
    </details>
  )
}

const Row = ({ name, children }: { name: string; children: string }) => (
  <div className="grid gap-x-4 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
    <dt className="font-mono text-xs leading-5">{name}</dt>
    <dd className="text-muted text-xs leading-5">{children}</dd>
  </div>
)

const setInWords = ({ from, name }: VariableSet): string => `every key of ${from} ${name}`

function sourceInWords({ source }: Variable): string {
  if (source.from === 'value') return source.value || 'empty'
  return source.from === 'field' ? `field ${source.path}` : `${source.from} ${source.name}, key ${source.key}`
}
