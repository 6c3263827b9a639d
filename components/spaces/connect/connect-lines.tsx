import { besideOtherClusters, downloadedFile } from '#components/spaces/kubeconfig-lines.ts'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { Icon } from '#components/ui/icon.tsx'

type Line = { what: string; code: string }

/** The commands to type. `context` names the context and the file. */
export function ConnectLines({ context, mayChange }: { context: string; mayChange: boolean }) {
  const file = `${context}.yaml`
  return (
    <>
      <Lines
        lines={[
          {
            what: 'Use the file in this terminal. Your default kubeconfig stays untouched.',
            code: `export KUBECONFIG=${downloadedFile(context)}`,
          },
          { what: 'See what’s running in the space.', code: 'kubectl get pods' },
          ...(mayChange
            ? [{ what: 'Deploy something: any image will do.', code: 'kubectl create deployment web --image=nginx' }]
            : []),
          { what: 'List your spaces, and only yours.', code: 'kubectl get namespaces' },
        ]}
      />
      <details className="group mt-4">
        <summary className="inline-flex min-h-8 list-none items-center gap-1.5 rounded-md font-medium text-sm [&::-webkit-details-marker]:hidden">
          <Icon name="chevron-right" className="size-3.5 text-muted transition-transform group-open:rotate-90" />
          Other shells, or alongside your other clusters
        </summary>
        <div className="mt-3">
          <Lines
            lines={[
              { what: 'In fish.', code: `set -gx KUBECONFIG ${downloadedFile(context)}` },
              { what: 'In PowerShell.', code: `$env:KUBECONFIG = "$HOME\\Downloads\\${file}"` },
              {
                what: 'Alongside your existing clusters, in this terminal. kubectl starts in this space.',
                code: besideOtherClusters(context),
              },
              { what: 'Switch back to this space.', code: `kubectl config use-context ${context}` },
              {
                what: 'Keep other users of this machine from reading the file.',
                code: `chmod 600 ${downloadedFile(context)}`,
              },
            ]}
          />
        </div>
      </details>
    </>
  )
}

const Lines = ({ lines }: { lines: readonly Line[] }) => (
  <ol className="space-y-4">
    {lines.map(({ what, code }) => (
      <li key={code}>
        <p className="mb-1 text-muted text-sm">{what}</p>
        <CodeBlock wraps code={code} />
      </li>
    ))}
  </ol>
)
