import type { Metadata } from 'next'
import { ProfileView } from '#components/shell/profile-view.tsx'
import { readProfile } from '#lib/web/page/read-profile.ts'
import { endOwnSessionsAction } from './actions.ts'

export const metadata: Metadata = { title: 'Profile' }

export default async function ProfilePage() {
  return <ProfileView {...(await readProfile())} endSessions={endOwnSessionsAction} />
}
