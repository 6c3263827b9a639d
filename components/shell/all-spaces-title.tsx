'use client'

import { useIsOwnList } from './own-pages.ts'
import { ownTitle } from './own-title.ts'

/** The heading of a platform admin’s list, which changes with its filter. */
export const AllSpacesTitle = () => ownTitle('spaces', useIsOwnList())
