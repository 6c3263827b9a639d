import { findPeople } from '#components/audit/find-in-portal.tsx'
import { Combobox } from '#components/ui/form/combobox.tsx'

type Props = Pick<Parameters<typeof Combobox>[0], 'label' | 'name' | 'hint' | 'careful' | 'className'>

/** Picks a person by name, email address or handle. The form sends the handle; text without a match, as typed. */
export const PersonPicker = (props: Props) => (
  <Combobox
    {...props}
    listName="People found"
    search={findPeople}
    words={{
      several: (text) => `“${text}” matches more than one. Choose the one you mean.`,
      none: (text) => `No one called “${text}” has signed in yet.`,
    }}
  />
)
