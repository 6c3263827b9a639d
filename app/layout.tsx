import './globals.css'
import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import { acknowledgeSealedUseAction, endOwnAdminRoleAction } from '#app/office-actions.ts'
import { AppHeader } from '#components/shell/app-header.tsx'
import { PausedGroups } from '#components/shell/paused-groups.tsx'
import { SealedAlarm } from '#components/shell/sealed-alarm.tsx'
import { SkipLink } from '#components/shell/skip-link.tsx'
import { Toaster } from '#components/ui/toaster.tsx'
import { readShell } from '#lib/web/page/shell.ts'

export const metadata: Metadata = {
  title: { default: 'Spaceport', template: '%s · Spaceport' },
  description: 'Your own namespaces on shared Kubernetes clusters, used with plain kubectl.',
  robots: { index: false, follow: false },
}

export const viewport: Viewport = {
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f6f7f9' },
    { media: '(prefers-color-scheme: dark)', color: '#0c0e13' },
  ],
}

// Every page is rendered for one person, with its own nonce.
export const dynamic = 'force-dynamic'

export default async function RootLayout({ children }: { children: ReactNode }) {
  const shell = await readShell()
  return (
    <html lang="en">
      <body className="min-h-dvh">
        <SkipLink />
        {shell && <AppHeader {...shell} signOutUrl="/api/auth/sign-out" endAdminRole={endOwnAdminRoleAction} />}
        {shell?.alarm && (
          <SealedAlarm alarm={shell.alarm} mayActivate={shell.mayActivate} acknowledge={acknowledgeSealedUseAction} />
        )}
        <main id="main" tabIndex={-1} className="mx-auto max-w-6xl px-4 py-6 sm:px-6 sm:py-8">
          {shell?.groupsPaused && <PausedGroups />}
          {children}
        </main>
        <Toaster />
      </body>
    </html>
  )
}
