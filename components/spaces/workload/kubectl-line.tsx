import { CodeBlock } from '#components/ui/code-block.tsx'

/** The kubectl command that does or shows the same, to copy. */
export const KubectlLine = ({ line }: { line: string }) => (
  <div className="mt-3 space-y-1.5 text-sm">
    <p className="text-muted">kubectl:</p>
    <CodeBlock code={line} />
  </div>
)
