import './globals.css'
import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import { markReadAction } from '#app/inbox/actions.ts'
import { acknowledgeBreakGlassUseAction, endOwnAdminRoleAction } from '#app/platform-role-actions.ts'
import { createKubeconfigAction } from '#app/spaces/[name]/actions.ts'
import { NotificationStream } from '#components/inbox/notification-stream.tsx'
import { adminGroupsFor } from '#components/shell/admin-pages.ts'
import { AdminRail } from '#components/shell/admin-rail.tsx'
import { AppHeader } from '#components/shell/app-header.tsx'
import { BreakGlassAlarm } from '#components/shell/break-glass-alarm.tsx'
import { FocusKeeper } from '#components/shell/focus-keeper.tsx'
import { FollowHistory } from '#components/shell/follow-history.tsx'
import { NoScripts } from '#components/shell/no-scripts.tsx'
import { SkipLink } from '#components/shell/skip-link.tsx'
import { SuspendedGroups } from '#components/shell/suspended-groups.tsx'
import { Toaster } from '#components/ui/toaster.tsx'
import { readAppearance } from '#lib/web/page/read-appearance.ts'
import { readShell } from '#lib/web/page/shell.ts'
import { webConfig } from '#lib/web/process/web-config.ts'
import { fontVariables } from './fonts.ts'
import { titleWithCount } from './title-with-count.ts'

const description = 'Your own namespaces on shared Kubernetes clusters, used with plain kubectl.'

/**
 * The pictures are in public/, drawn by dev/icons.ts. Pages set their own title; link previews show nothing from a
 * page.
 */
export const generateMetadata = async (): Promise<Metadata> => ({
  metadataBase: new URL(webConfig().SPACEPORT_URL),
  title: { default: await titleWithCount('Spaceport'), template: await titleWithCount('%s · Spaceport') },
  description,
  robots: { index: false, follow: false },
  manifest: '/manifest.webmanifest',
  icons: { icon: { url: '/icon.svg', type: 'image/svg+xml' }, apple: '/apple-touch-icon.png' },
  openGraph: {
    title: 'Spaceport',
    description,
    siteName: 'Spaceport',
    type: 'website',
    images: [{ url: '/social.png', width: 1200, height: 630, alt: 'Spaceport' }],
  },
})

/** The color that browsers draw around the page: the canvas of globals.css. */
const canvas = { light: '#f6f7f9', dark: '#0c0e13' }

export async function generateViewport(): Promise<Viewport> {
  const { theme } = await readAppearance()
  if (theme !== 'system') return { colorScheme: theme, themeColor: canvas[theme] }
  const themeColor = (['light', 'dark'] as const).map((one) => ({
    media: `(prefers-color-scheme: ${one})`,
    color: canvas[one],
  }))
  return { colorScheme: 'light dark', themeColor }
}

// Every page is rendered for one person, with its own nonce.
export const dynamic = 'force-dynamic'

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [shell, { theme, density }] = await Promise.all([readShell(), readAppearance()])
  const admin = shell ? adminGroupsFor(shell.roleState) : []
  return (
    <html
      lang="en"
      className={fontVariables}
      data-theme={theme === 'system' ? undefined : theme}
      data-density={density === 'compact' ? density : undefined}
    >
      <body className="min-h-dvh">
        <SkipLink />
        {shell && (
          <AppHeader
            {...shell}
            admin={admin}
            signOutUrl="/api/auth/sign-out"
            endAdminRole={endOwnAdminRoleAction}
            makeKubeconfig={createKubeconfigAction}
          />
        )}
        <div className="mx-auto max-w-[94rem] lg:has-[>[data-rail]]:grid lg:has-[>[data-rail]]:grid-cols-[14rem_minmax(0,1fr)]">
          {shell && admin.length > 0 && <AdminRail groups={admin} inbox={shell.inbox} readAt={shell.readAt} />}
          <main id="main" tabIndex={-1} className="mx-auto w-full max-w-7xl px-4 py-4 sm:px-6 sm:py-8">
            {shell && <NoScripts />}
            {shell?.alarm && (
              <BreakGlassAlarm
                alarm={shell.alarm}
                mayActivate={shell.mayActivate}
                acknowledge={acknowledgeBreakGlassUseAction}
              />
            )}
            {shell?.groupsSuspended && <SuspendedGroups />}
            {children}
          </main>
        </div>
        <Toaster />
        {shell && <NotificationStream person={shell.person.handle} at={shell.readAt} markRead={markReadAction} />}
        <FocusKeeper />
        {shell && <FollowHistory />}
      </body>
    </html>
  )
}
