import 'server-only'
import { type Notifications, openNotifications } from '#lib/broker/use-case/notifications.ts'
import { processValue } from '#lib/observability/process-value.ts'
import { webConfig } from './web-config.ts'

/** What other processes change, heard on one connection; opened by the first page that wants to be kept up to date. */
export const notifications = (): Notifications =>
  processValue('notifications', () => openNotifications(webConfig().DATABASE_URL, 'spaceport-web-notifications'))
