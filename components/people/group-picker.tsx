'use client'

import { findGroups, groupWords } from '#components/search/find-in-portal.tsx'
import { Combobox } from '#components/ui/form/combobox.tsx'

type Props = Pick<Parameters<typeof Combobox>[0], 'label' | 'name' | 'more' | 'defaultText'>

/** Picks a group of the main identity provider by its name. A group without members so far is sent as typed. */
export const GroupPicker = (field: Props) => (
  <Combobox {...field} listName="Groups found" search={findGroups} words={groupWords} takesText />
)
