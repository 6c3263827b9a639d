import { Alert } from '#components/ui/alert.tsx'
import { writeChoice } from '#lib/features/spaces/model/space-choice.ts'
import { gitInWords } from './git-in-words.ts'
import type { SpaceListRow } from './space-list-data.ts'

type Props = {
  act: Parameters<typeof gitInWords>[0]
  spaces: readonly SpaceListRow[]
  defaultCluster: string
}

/** The spaces of a bulk action: the form’s hidden field, the names, and a note on those managed in Git. */
export function ChosenSpaces({ act, spaces, defaultCluster }: Props) {
  const ofGit = gitInWords(act, spaces)
  return (
    <>
      <input type="hidden" name="spaces" value={writeChoice(spaces)} />
      <ul aria-label="Selected spaces" className="mb-4 flex flex-wrap gap-x-4 gap-y-1 text-sm">
        {spaces.map(({ id, name, cluster }) => (
          <li key={id} className="wrap-anywhere">
            <span className="font-mono">{name}</span>
            {cluster !== defaultCluster && <span className="text-muted"> on {cluster}</span>}
          </li>
        ))}
      </ul>
      {ofGit.length > 0 && (
        <Alert title="Managed in Git" className="mb-4">
          {ofGit.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </Alert>
      )}
    </>
  )
}
