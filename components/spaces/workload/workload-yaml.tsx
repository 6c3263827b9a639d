import { CopyButton } from '#components/ui/copy-button.tsx'
import type { Manifest } from '#lib/features/spaces/model/workload-view.ts'

/** A workload’s object, to read. */
export function WorkloadYaml({ text, masked, cut }: Manifest) {
  return (
    <>
      <div className="mb-2 flex items-start justify-between gap-3 text-muted text-sm">
        <p>
          As it is on the cluster, without managedFields.
          {masked > 0 &&
            ` ${masked === 1 ? 'One value looks' : `${masked} values look`} secret and ${masked === 1 ? 'is' : 'are'} hidden here, not from kubectl.`}
          {cut && ' The rest is left out: kubectl shows all of it.'}
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
