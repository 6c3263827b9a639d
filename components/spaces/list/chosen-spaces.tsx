import { type ChosenSpace, writeChoice } from '#lib/domain/space-choice.ts'

type Props = {
  spaces: readonly ChosenSpace[]
  defaultCluster: string
}

/** What an act on several spaces is about: the form’s hidden field, and the names. */
export const ChosenSpaces = ({ spaces, defaultCluster }: Props) => (
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
  </>
)
