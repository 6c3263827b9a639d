import { CodeBlock } from '#components/ui/code-block.tsx'

/** The commands to type. */
export function ConnectLines({ fileName }: { fileName: string }) {
  const lines = [
    {
      what: 'Use the file in this terminal. Your default kubeconfig stays untouched.',
      code: `export KUBECONFIG=~/Downloads/${fileName}`,
    },
    { what: 'See what’s running in the space.', code: 'kubectl get pods' },
    { what: 'List your spaces, and only yours.', code: 'kubectl get namespaces' },
  ]
  return (
    <ol className="space-y-4">
      {lines.map(({ what, code }) => (
        <li key={code}>
          <p className="mb-1 text-muted text-sm">{what}</p>
          <CodeBlock code={code} />
        </li>
      ))}
    </ol>
  )
}
