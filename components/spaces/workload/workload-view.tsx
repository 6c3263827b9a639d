import type { ReactNode } from 'react'
import { linkEvents } from '#components/spaces/event-links.ts'
import { EventList } from '#components/spaces/event-list.tsx'
import { InUse } from '#components/spaces/in-use.tsx'
import { kubectlGet, kubectlHistory } from '#components/spaces/kubectl-lines.ts'
import { LeftOut } from '#components/spaces/left-out.tsx'
import { logQueryOf } from '#components/spaces/log-query.ts'
import { SpaceColumns } from '#components/spaces/space-columns.tsx'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { WorkloadStatus } from '#components/spaces/workload-status.tsx'
import { BackLink } from '#components/ui/back-link.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Copyable } from '#components/ui/copyable.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Section } from '#components/ui/section.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import { inUseText } from '#lib/features/spaces/model/use-in-words.ts'
import { canRestart, canScale, type Manifest, type WorkloadDetail } from '#lib/features/spaces/model/workload-view.ts'
import { ContainerList } from './container-list.tsx'
import { RunNow, SuspendCronJob } from './cron-acts.tsx'
import { KubectlLine } from './kubectl-line.tsx'
import { PodTable } from './pod-table.tsx'
import { RevisionTable } from './revision-table.tsx'
import { Runs } from './run-table.tsx'
import { RestartWorkload, ScaleWorkload } from './workload-acts.tsx'
import { WorkloadReach } from './workload-reach.tsx'
import { WorkloadUses } from './workload-uses.tsx'

type Props = {
  detail: WorkloadDetail
  address: SpaceAddress
  mayOpenShell: boolean
  /** Null: not allowed. */
  acts: Record<'restart' | 'scale' | 'rollBack' | 'runNow' | 'suspend' | 'deletePod', FormAction> | null
  /** Whether to show all pods. */
  all: boolean
  /** The last lines of its worst pod; null: none has written anything yet. */
  lastLines: ReactNode
}

/** One workload: its status, pods, routes, dependencies and actions. */
export function WorkloadView({ detail, address, mayOpenShell, acts, all, lastLines }: Props) {
  const { workload, events, exposure, uses, inUse, revisions } = detail
  const { kind, name, pods } = workload
  return (
    <>
      <Head detail={detail} address={address} acts={acts} />
      <LeftOut what={detail.leftOut} />
      <SpaceColumns
        main={
          <div className="space-y-8">
            {detail.schedule && <Runs name={name} schedule={detail.schedule} />}
            <Section title={<Counted title="Pods" count={pods.length} />} content="bare">
              {pods.length > 0 ? (
                <PodTable {...{ workload, inUse, address, mayOpenShell, all }} deletePod={acts?.deletePod ?? null} />
              ) : (
                <EmptyState icon="space" title="No pods" heading="h3">
                  {kind === 'CronJob' ? 'Its next run creates some.' : 'It has no pods right now.'}
                </EmptyState>
              )}
            </Section>
            {lastLines}
            {revisions && revisions.items.length > 0 && (
              <Section
                title={<Counted title="Revisions" count={revisions.items.length} />}
                description={revisions.paused ? 'It is paused: resume it before you roll it back.' : undefined}
                content="bare"
              >
                <RevisionTable {...{ of: { kind, name }, revisions, address }} rollBack={acts?.rollBack ?? null} />
                <KubectlLine line={kubectlHistory(`${kind}/${name}`)} />
              </Section>
            )}
          </div>
        }
        aside={
          <>
            <WorkloadReach of={{ kind, name }} exposure={exposure} address={address} />
            <WorkloadUses uses={uses} address={address} />
          </>
        }
        below={
          <div className="space-y-8">
            <Section title="Containers" content="flush">
              <ContainerList containers={detail.containers} />
            </Section>
            <EventList title="Events" events={linkEvents(events, [workload], address)} />
            <Yaml detail={detail} address={address} mayEdit={acts !== null} />
          </div>
        }
      />
    </>
  )
}

const Counted = ({ title, count }: { title: string; count: number }) => (
  <>
    {title}
    {count > 0 && <span className="font-normal text-muted"> {count}</span>}
  </>
)

function Head({
  detail: { workload, uid, schedule, strategy, autoscaler, inUse },
  address,
  acts,
}: Pick<Props, 'detail' | 'address' | 'acts'>) {
  const { kind, name, image, pods, ready, desired, createdAt } = workload
  const of = `${kind}/${name}`
  return (
    <div>
      <BackLink href={spacePath(address)} label="Overview" />
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 space-y-1.5">
          <h2 tabIndex={-1} className="wrap-anywhere">
            {kind} <span className="font-mono">{name}</span>
          </h2>
          <WorkloadStatus {...workload} />
          <p className="wrap-anywhere text-muted text-sm">
            {kind !== 'CronJob' && (
              <>
                {ready} of {desired} {kind === 'Job' ? 'complete' : 'ready'} ·{' '}
                {autoscaler && `autoscaled, ${autoscaler.min} to ${autoscaler.max} pods · `}
              </>
            )}
            <InUse pods={pods} measured={inUse}>
              {(use) => `${inUseText(use)} in use · `}
            </InUse>
            {image && (
              <>
                <Copyable text={image} what="the image" /> ·{' '}
              </>
            )}
            created <RelativeTime at={createdAt} />
          </p>
        </div>
        <Buttons>
          {pods.length > 0 && (
            <LinkButton href={spacePath(address, 'logs', logQueryOf(workload))} size="sm" icon="rows">
              Logs
            </LinkButton>
          )}
          {acts && canRestart(kind) && pods.length > 0 && (
            <RestartWorkload {...{ address, of, name, strategy }} action={acts.restart} pods={pods.length} />
          )}
          {acts && schedule && (
            <>
              <RunNow {...{ address, name }} uid={uid} action={acts.runNow} />
              <SuspendCronJob
                {...{ address, name }}
                uid={uid}
                action={acts.suspend}
                suspended={schedule.suspended}
                // A new form, because React keeps a form’s first action and input.
                key={String(schedule.suspended)}
              />
            </>
          )}
          {acts && canScale(kind) && (
            <ScaleWorkload {...{ address, of, name, autoscaler }} action={acts.scale} replicas={desired} />
          )}
        </Buttons>
      </div>
    </div>
  )
}

const Buttons = ({ children }: { children: ReactNode }) => <div className="flex flex-wrap gap-2">{children}</div>

type YamlProps = Pick<Props, 'detail' | 'address'> & { mayEdit: boolean }

function Yaml({ detail: { workload, manifest }, address, mayEdit }: YamlProps) {
  const { kind, name } = workload
  const shown = manifest !== null
  const href = spacePath(address, 'workload', { of: `${kind}/${name}`, ...(!shown && { yaml: 'true' }) })
  return (
    <Section
      id="yaml"
      title="YAML"
      content={shown ? 'card' : 'bare'}
      description={shown ? undefined : 'The object as it is on the cluster, to read and copy.'}
      actions={
        <>
          <LinkButton href={`${href}#yaml`} size="sm">
            {shown ? 'Hide YAML' : 'Show YAML'}
          </LinkButton>
          {mayEdit && (
            <LinkButton href={spacePath(address, 'workload/edit', { of: `${kind}/${name}` })} size="sm">
              Edit YAML
            </LinkButton>
          )}
        </>
      }
    >
      {manifest && (
        <>
          <WorkloadYaml {...manifest} />
          <KubectlLine line={kubectlGet(`${kind}/${name}`)} />
        </>
      )}
    </Section>
  )
}

/** A workload’s object, read-only. */
function WorkloadYaml({ text, masked, cut }: Manifest) {
  return (
    <>
      <div className="mb-2 flex items-start justify-between gap-3 text-muted text-sm">
        <p>
          As it is on the cluster, without managedFields.
          {masked > 0 &&
            ` ${masked === 1 ? 'One value looks' : `${masked} values look`} secret and ${masked === 1 ? 'is' : 'are'} hidden here, not from kubectl.`}
          {cut && ' The object is cut off here: kubectl shows all of it.'}
        </p>
        <CopyButton text={text} label="Copy YAML" />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <pre tabIndex={0} className="max-h-160 overflow-auto rounded-md border bg-sunken p-3 font-mono text-xs leading-5">
        <code>{text}</code>
      </pre>
    </>
  )
}
