import { findActivePeople, findPeople, peopleWords } from '#components/search/find-in-portal.tsx'
import { Combobox } from '#components/ui/form/combobox.tsx'

type Props = Omit<Parameters<typeof Combobox>[0], 'listName' | 'search' | 'words'> & {
  /** Leaves out deactivated people. */
  onlyActive?: boolean
}

/** Picks a person by name, email address or handle. The form sends the handle; text without a match, as typed. */
export const PersonPicker = ({ onlyActive = false, ...field }: Props) => (
  <Combobox
    {...field}
    listName="People found"
    search={onlyActive ? findActivePeople : findPeople}
    words={peopleWords}
  />
)
