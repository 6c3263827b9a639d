import type { CredentialMarks } from '#lib/kernel/model/people/credential-view.ts'

/** Below what a kubeconfig is for: what its owner calls it, and how its token begins. */
export const Marks = ({ name, tokenStart }: CredentialMarks) =>
  name === null && tokenStart === null ? null : (
    <span className="wrap-anywhere block text-muted text-xs">
      {name !== null && <bdi className="text-ink">{name}</bdi>}
      {name !== null && tokenStart !== null && ' · '}
      {tokenStart !== null && <span className="font-mono">spt_{tokenStart}…</span>}
    </span>
  )
