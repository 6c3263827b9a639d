import { Meter } from '#components/ui/meter.tsx'
import { inNumber } from '#lib/domain/in-number.ts'
import { type ChosenSpace, spacesPerTurn, writeChoice } from '#lib/domain/space-choice.ts'

type Props = {
  spaces: readonly ChosenSpace[]
  defaultCluster: string
  /** How many have been tried; null: it isn’t under way. */
  tried: number | null
}

/** What an act on several spaces is about, as the form’s hidden field and by name; and how far it is. */
export const ChosenSpaces = ({ spaces, defaultCluster, tried }: Props) => (
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
    <div role="status">
      {tried !== null && spaces.length > spacesPerTurn && (
        <div className="mb-4 space-y-1.5 text-sm">
          <p>
            {tried} of {inNumber(spaces.length, 'space')} done…
          </p>
          <Meter of="progress" label="Progress" ratio={tried / spaces.length} text={`${tried} of ${spaces.length}`} />
        </div>
      )}
    </div>
  </>
)
