import { kubectlList } from '#components/spaces/kubectl-lines.ts'
import { MoreRows, rowsShown } from '#components/spaces/more-rows.tsx'
import { objectPath } from '#components/spaces/object-path.ts'
import { AskInstead } from '#components/spaces/request-instead.tsx'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { Alert } from '#components/ui/alert.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { type Column, DataTable } from '#components/ui/list/data-table.tsx'
import { NameLink } from '#components/ui/name-link.tsx'
import { NoValue } from '#components/ui/no-value.tsx'
import { Section } from '#components/ui/section.tsx'
import type {
  ConfigurationList,
  ConfigurationLists,
  ConfigurationRow,
} from '#lib/features/spaces/model/configuration.ts'
import { type ConfigurationKind, configurationKinds } from '#lib/features/spaces/model/configuration-kind.ts'

/** Secrets, or why there are none to see: the role can’t read them, or a sentence. */
export type SecretsRead = ConfigurationList | 'not-allowed' | { failure: string }

type Props = {
  lists: ConfigurationLists
  secrets: SecretsRead
  address: SpaceAddress
  /** The kind of which all rows are shown. */
  all: ConfigurationKind | undefined
}

/** A space’s Services, Ingresses, ConfigMaps, Secrets and claims, as `kubectl get` prints them. */
export const ConfigurationView = ({ lists, secrets, address, all }: Props) =>
  configurationKinds.map((kind) => {
    const read = kind === 'Secret' ? secrets : lists[kind]
    return (
      <Section
        key={kind}
        id={kind.toLowerCase()}
        title={<Title kind={kind} count={isList(read) ? read.total : 0} />}
        actions={<CodeBlock code={kubectlList(kind)} />}
        content="bare"
      >
        {isList(read) ? (
          <Rows {...{ kind, list: read, address }} all={all === kind} />
        ) : (
          <NoSecrets why={read} address={address} />
        )}
      </Section>
    )
  })

const isList = (read: SecretsRead): read is ConfigurationList => typeof read === 'object' && 'rows' in read

const Title = ({ kind, count }: { kind: ConfigurationKind; count: number }) => (
  <>
    {titles[kind]}
    {count > 0 && <span className="font-normal text-muted"> {count.toLocaleString('en')}</span>}
  </>
)

const NoSecrets = ({ why, address }: { why: Exclude<SecretsRead, ConfigurationList>; address: SpaceAddress }) =>
  why === 'not-allowed' ? (
    <AskInstead title="Your role can’t read Secrets" address={address} asks="editor">
      Editors and admins can. If you need to, request a role.
    </AskInstead>
  ) : (
    <Alert kind="warn" title="Secrets can’t be listed right now">
      <p>{why.failure}</p>
    </Alert>
  )

const titles: Readonly<Record<ConfigurationKind, string>> = {
  Service: 'Services',
  Ingress: 'Ingresses',
  ConfigMap: 'ConfigMaps',
  Secret: 'Secrets',
  PersistentVolumeClaim: 'PersistentVolumeClaims',
}

type CellColumn = Omit<Column<ConfigurationRow>, 'key' | 'header' | 'cell'> & { column: string; header?: string }

/** The columns of `kubectl get`, under its own names unless these say little. */
const columns: Readonly<Record<ConfigurationKind, readonly CellColumn[]>> = {
  Service: [
    { column: 'Type' },
    { column: 'Cluster-IP', header: 'Cluster IP' },
    { column: 'Port(s)', header: 'Ports', wraps: 'name' },
  ],
  Ingress: [
    { column: 'Class', folds: 'first' },
    { column: 'Hosts', wraps: 'name' },
    { column: 'Address', wraps: 'name', folds: 'second' },
  ],
  ConfigMap: [{ column: 'Data', header: 'Keys' }],
  Secret: [
    { column: 'Type', wraps: 'name' },
    { column: 'Data', header: 'Keys' },
  ],
  PersistentVolumeClaim: [
    { column: 'Status' },
    { column: 'Capacity' },
    { column: 'Access Modes', header: 'Access modes', folds: 'first' },
    { column: 'StorageClass', header: 'Storage class', wraps: 'name' },
  ],
}

function Rows({
  kind,
  list: { rows, total },
  address,
  all,
}: {
  kind: ConfigurationKind
  list: ConfigurationList
  address: SpaceAddress
  all: boolean
}) {
  if (rows.length === 0) return <p className="text-muted text-sm">{`This space has no ${titles[kind]}.`}</p>
  const cells = [...columns[kind], { column: 'Age', folds: 'second' as const }]
  return (
    <>
      <DataTable
        caption={titles[kind]}
        narrow
        columns={[
          {
            key: 'name',
            header: 'Name',
            primary: true,
            className: 'wide:w-2/5',
            cell: ({ name }) => (
              <NameLink wholeRow href={objectPath(address, { kind, name })} className="font-medium font-mono">
                {name}
              </NameLink>
            ),
          },
          ...cells.map(
            ({ column, header = column, ...rest }): Column<ConfigurationRow> => ({
              ...rest,
              key: column,
              header,
              cell: ({ cells }) => cells[column] ?? <NoValue />,
            }),
          ),
        ]}
        rows={rowsShown(rows, all)}
        rowKey={({ name }) => name}
      />
      <MoreRows
        {...{ what: titles[kind], count: total, all }}
        order="by name"
        href={`${spacePath(address, 'configuration', { all: kind })}#${kind.toLowerCase()}`}
      />
    </>
  )
}
