import type { ReactNode } from 'react'
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
import { ClaimStatus } from './claim-status.tsx'

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
export function ConfigurationView({ lists, secrets, address, all }: Props) {
  const reads = configurationKinds.map((kind) => ({ kind, read: kind === 'Secret' ? secrets : lists[kind] }))
  const isEmpty = (read: SecretsRead) => isList(read) && read.rows.length === 0
  const empty = reads.filter(({ read }) => isEmpty(read)).map(({ kind }) => titles[kind])
  return (
    <>
      {reads
        .filter(({ read }) => !isEmpty(read))
        .map(({ kind, read }) => (
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
        ))}
      {empty.length > 0 && <p className="text-muted text-sm">{`This space has no ${either.format(empty)}.`}</p>}
    </>
  )
}

const either = new Intl.ListFormat('en-GB', { type: 'disjunction' })

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

type CellColumn = Omit<Column<ConfigurationRow>, 'key' | 'header' | 'cell'> & {
  column: string
  header?: string
  show?: (value: string) => ReactNode
}

const mono = { wraps: 'name', show: (value: string) => <span className="font-mono">{value}</span> } as const

/**
 * The columns of `kubectl get`, under its own names unless these say little. All tables have one grid: 30 % for the name,
 * 15 % for each column.
 */
const columns: Readonly<Record<ConfigurationKind, readonly CellColumn[]>> = {
  Service: [
    { column: 'Type' },
    { column: 'Cluster-IP', header: 'Cluster IP', ...mono },
    { column: 'Port(s)', header: 'Ports', ...mono },
  ],
  Ingress: [
    { column: 'Class', folds: 'first', ...mono },
    { column: 'Hosts', ...mono },
    { column: 'Address', ...mono },
  ],
  ConfigMap: [{ column: 'Data', header: 'Keys' }],
  Secret: [
    { column: 'Type', ...mono },
    { column: 'Data', header: 'Keys' },
  ],
  PersistentVolumeClaim: [
    { column: 'Status', show: (status) => <ClaimStatus status={status} /> },
    { column: 'Capacity' },
    { column: 'Access Modes', header: 'Access modes', folds: 'first' },
    { column: 'StorageClass', header: 'Storage class', ...mono },
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
  const filled = columns[kind].filter(({ column }) => rows.some(({ cells }) => column in cells))
  const cells: readonly CellColumn[] = [
    // The last one takes what room the grid leaves.
    ...filled.map((one, at) => ({
      ...one,
      className: at === filled.length - 1 ? 'wide:min-w-40' : 'wide:w-[15%] wide:min-w-40',
    })),
    { column: 'Age', folds: 'second', align: 'right', className: 'wide:w-[8%]' },
  ]
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
            className: 'wide:w-[30%]',
            cell: ({ name }) => (
              <NameLink wholeRow href={objectPath(address, { kind, name })} className="font-medium font-mono">
                {name}
              </NameLink>
            ),
          },
          ...cells.map(
            ({ column, header = column, show, ...rest }): Column<ConfigurationRow> => ({
              ...rest,
              key: column,
              header,
              cell: ({ cells }) => {
                const value = cells[column]
                return value === undefined ? <NoValue /> : show ? show(value) : value
              },
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
