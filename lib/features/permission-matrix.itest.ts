import { randomUUID } from 'node:crypto'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture, type TestContext } from '#dev/testing/fixtures/broker-fixture.ts'
import {
  type Column,
  columns,
  type MatrixScene,
  makeMatrixScene,
  standings,
} from '#dev/testing/fixtures/matrix-scene.ts'
import { addPushedGroup, addScimToken, addTokenRequest } from '#dev/testing/fixtures/scim-client.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { askWhatMay } from '#lib/features/access/use-cases/ask-what-may.ts'
import { askWhoMay } from '#lib/features/access/use-cases/ask-who-may.ts'
import { changeGrant } from '#lib/features/access/use-cases/change-grant.ts'
import { exportAccessReport } from '#lib/features/access/use-cases/export-access-report.ts'
import { leaveSpace } from '#lib/features/access/use-cases/leave-space.ts'
import { listAllSpaces } from '#lib/features/access/use-cases/list-all-spaces.ts'
import { listGrants } from '#lib/features/access/use-cases/list-grants.ts'
import { readAccessOfPerson, readAccessOfSpace } from '#lib/features/access/use-cases/read-access-report.ts'
import { readDirectAccess } from '#lib/features/access/use-cases/read-direct-access.ts'
import { readSpaceBindings } from '#lib/features/access/use-cases/read-space-bindings.ts'
import { removeGrant } from '#lib/features/access/use-cases/remove-grant.ts'
import { searchPrincipals } from '#lib/features/access/use-cases/search-principals.ts'
import { cancelVerification } from '#lib/features/audit/use-cases/cancel-verification.ts'
import { downloadExport } from '#lib/features/audit/use-cases/download-export.ts'
import { exportAudit } from '#lib/features/audit/use-cases/export-audit.ts'
import { exportCheckpoints } from '#lib/features/audit/use-cases/export-checkpoints.ts'
import { listAudit, listSpaceActivity } from '#lib/features/audit/use-cases/list-audit.ts'
import { listAuditIntakes } from '#lib/features/audit/use-cases/list-audit-intakes.ts'
import { listDeliveries } from '#lib/features/audit/use-cases/list-deliveries.ts'
import { listExports } from '#lib/features/audit/use-cases/list-exports.ts'
import { readChainForPage } from '#lib/features/audit/use-cases/read-chain-for-page.ts'
import { readEvent } from '#lib/features/audit/use-cases/read-event.ts'
import { readCredentialStory, readPersonStory, readSpaceStory } from '#lib/features/audit/use-cases/read-story.ts'
import { readActivityState, readTrailState } from '#lib/features/audit/use-cases/read-trail-state.ts'
import { removeExport } from '#lib/features/audit/use-cases/remove-export.ts'
import { startExport } from '#lib/features/audit/use-cases/start-export.ts'
import { verifyTrail } from '#lib/features/audit/use-cases/verify-trail.ts'
import { listClusters } from '#lib/features/clusters/use-cases/list-clusters.ts'
import { readClusterNotices } from '#lib/features/clusters/use-cases/read-cluster-notices.ts'
import { createCredential, createCredentialForAll } from '#lib/features/credentials/use-cases/create-credential.ts'
import { listAllCredentials } from '#lib/features/credentials/use-cases/list-all-credentials.ts'
import { listActiveCredentials, listCredentials } from '#lib/features/credentials/use-cases/list-credentials.ts'
import { openBrowserAccess } from '#lib/features/credentials/use-cases/open-browser-access.ts'
import { revokeCredential } from '#lib/features/credentials/use-cases/revoke-credential.ts'
import { revokeCredentials, revokeOwnCredentials } from '#lib/features/credentials/use-cases/revoke-credentials.ts'
import { deleteFilter } from '#lib/features/filters/use-cases/delete-filter.ts'
import { listFilters } from '#lib/features/filters/use-cases/list-filters.ts'
import { renameFilter } from '#lib/features/filters/use-cases/rename-filter.ts'
import { saveFilter } from '#lib/features/filters/use-cases/save-filter.ts'
import { declareSpace, releaseSpace } from '#lib/features/gitops/use-cases/declare-space.ts'
import { changeWebhook } from '#lib/features/inbox/use-cases/change-webhook.ts'
import { chooseMail } from '#lib/features/inbox/use-cases/choose-mail.ts'
import { listAdminActs } from '#lib/features/inbox/use-cases/list-admin-acts.ts'
import { listInbox } from '#lib/features/inbox/use-cases/list-inbox.ts'
import { markAllRead } from '#lib/features/inbox/use-cases/mark-all-read.ts'
import { markRead } from '#lib/features/inbox/use-cases/mark-read.ts'
import { readMailSettings } from '#lib/features/inbox/use-cases/read-mail-settings.ts'
import { readNews } from '#lib/features/inbox/use-cases/read-news.ts'
import { readWebhook } from '#lib/features/inbox/use-cases/read-webhook.ts'
import { removeWebhook } from '#lib/features/inbox/use-cases/remove-webhook.ts'
import { rotateWebhookSecret } from '#lib/features/inbox/use-cases/rotate-webhook-secret.ts'
import { setUpWebhook } from '#lib/features/inbox/use-cases/set-up-webhook.ts'
import { testWebhook } from '#lib/features/inbox/use-cases/test-webhook.ts'
import { askOffboardingAgain } from '#lib/features/offboarding/use-cases/check-offboarding-again.ts'
import { offboardPerson } from '#lib/features/offboarding/use-cases/offboard-person.ts'
import { readDepartingUser } from '#lib/features/offboarding/use-cases/read-departing-user.ts'
import { readOffboarding } from '#lib/features/offboarding/use-cases/read-offboarding.ts'
import { acceptOffer } from '#lib/features/offers/use-cases/accept-offer.ts'
import { declineOffer } from '#lib/features/offers/use-cases/decline-offer.ts'
import { listOffers } from '#lib/features/offers/use-cases/list-offers.ts'
import { offerSpace } from '#lib/features/offers/use-cases/offer-space.ts'
import { readOffer } from '#lib/features/offers/use-cases/read-offer.ts'
import { withdrawOffer } from '#lib/features/offers/use-cases/withdraw-offer.ts'
import { readOverview } from '#lib/features/overview/use-cases/read-overview.ts'
import { acknowledgeBreakGlassUse } from '#lib/features/people/use-cases/acknowledge-break-glass-use.ts'
import { activateAdminRole } from '#lib/features/people/use-cases/activate-admin-role.ts'
import { deactivatePerson } from '#lib/features/people/use-cases/deactivate-person.ts'
import { endAdminRole } from '#lib/features/people/use-cases/end-admin-role.ts'
import { endOwnAdminRole } from '#lib/features/people/use-cases/end-own-admin-role.ts'
import { endOwnSessions } from '#lib/features/people/use-cases/end-own-sessions.ts'
import { listPeople } from '#lib/features/people/use-cases/list-people.ts'
import { reactivatePerson } from '#lib/features/people/use-cases/reactivate-person.ts'
import { readPersonHead, readPersonPage } from '#lib/features/people/use-cases/read-person-page.ts'
import { searchKnownGroups } from '#lib/features/people/use-cases/search-known-groups.ts'
import { signOutPerson } from '#lib/features/people/use-cases/sign-out-person.ts'
import { changePolicy } from '#lib/features/policy/use-cases/change-policy.ts'
import { readPolicy } from '#lib/features/policy/use-cases/read-policy.ts'
import { tryPolicy } from '#lib/features/policy/use-cases/try-policy.ts'
import { decideRequest } from '#lib/features/requests/use-cases/decide-request.ts'
import { findSizeRequest } from '#lib/features/requests/use-cases/find-size-request.ts'
import { listOpenRequests } from '#lib/features/requests/use-cases/list-open-requests.ts'
import { countWaitingRequests, listRequests } from '#lib/features/requests/use-cases/list-requests.ts'
import { readRequest } from '#lib/features/requests/use-cases/read-request.ts'
import { requestLife } from '#lib/features/requests/use-cases/request-life.ts'
import { requestRole } from '#lib/features/requests/use-cases/request-role.ts'
import { requestSize } from '#lib/features/requests/use-cases/request-size.ts'
import { requestSpace } from '#lib/features/requests/use-cases/request-space.ts'
import { withdrawRequest } from '#lib/features/requests/use-cases/withdraw-request.ts'
import { decideReview } from '#lib/features/reviews/use-cases/decide-review.ts'
import { endReview } from '#lib/features/reviews/use-cases/end-review.ts'
import { exportReview } from '#lib/features/reviews/use-cases/export-review.ts'
import { extendReview } from '#lib/features/reviews/use-cases/extend-review.ts'
import { listReviews, listWaitingReviews } from '#lib/features/reviews/use-cases/list-reviews.ts'
import { readReview } from '#lib/features/reviews/use-cases/read-review.ts'
import { scheduleReviews } from '#lib/features/reviews/use-cases/schedule-reviews.ts'
import { startReview } from '#lib/features/reviews/use-cases/start-review.ts'
import {
  approveProvisioningToken,
  declineProvisioningToken,
} from '#lib/features/scim/use-cases/decide-token-request.ts'
import { freezeProvisioning, unfreezeProvisioning } from '#lib/features/scim/use-cases/freeze-provisioning.ts'
import { readProvisioning } from '#lib/features/scim/use-cases/read-provisioning.ts'
import { readPushedGroups } from '#lib/features/scim/use-cases/read-pushed-groups.ts'
import { removePushedGroup } from '#lib/features/scim/use-cases/remove-pushed-group.ts'
import { askForProvisioningToken } from '#lib/features/scim/use-cases/request-token.ts'
import { revealProvisioningToken } from '#lib/features/scim/use-cases/reveal-token.ts'
import { revokeProvisioningToken } from '#lib/features/scim/use-cases/revoke-token.ts'
import { takeOverProvisioningToken } from '#lib/features/scim/use-cases/take-over-token.ts'
import { searchPortal } from '#lib/features/search/use-cases/search-portal.ts'
import { checkSpaceName } from '#lib/features/spaces/use-cases/check-space-name.ts'
import { countOwnSpaces } from '#lib/features/spaces/use-cases/count-own-spaces.ts'
import { countSpaceLoss } from '#lib/features/spaces/use-cases/count-space-loss.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { deleteSpace } from '#lib/features/spaces/use-cases/delete-space.ts'
import { exportSpaces } from '#lib/features/spaces/use-cases/export-spaces.ts'
import { listConfiguration } from '#lib/features/spaces/use-cases/list-configuration.ts'
import { listSpaces } from '#lib/features/spaces/use-cases/list-spaces.ts'
import { listUsingPods } from '#lib/features/spaces/use-cases/list-using-pods.ts'
import { locateSpace } from '#lib/features/spaces/use-cases/locate-space.ts'
import { readAccessFingerprint } from '#lib/features/spaces/use-cases/read-access-fingerprint.ts'
import { readConfigured } from '#lib/features/spaces/use-cases/read-configured.ts'
import { readFirstSteps } from '#lib/features/spaces/use-cases/read-first-steps.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { readSpaceInside } from '#lib/features/spaces/use-cases/read-space-inside.ts'
import { readUsageHistory } from '#lib/features/spaces/use-cases/read-usage-history.ts'
import { readWorkload } from '#lib/features/spaces/use-cases/read-workload.ts'
import { recordSecretShown } from '#lib/features/spaces/use-cases/record-secret-shown.ts'
import { retrySpace } from '#lib/features/spaces/use-cases/retry-space.ts'
import { searchGroups } from '#lib/features/spaces/use-cases/search-groups.ts'
import { updateSpace } from '#lib/features/spaces/use-cases/update-space.ts'
import { watchSpace } from '#lib/features/spaces/use-cases/watch-space.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { insertInboxEvents } from '#lib/kernel/db/inbox/insert-inbox-events.ts'
import { type DefinedUseCase, isUseCase } from '#lib/kernel/define/define-use-case.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { sentByDefault } from '#lib/kernel/model/inbox/event-choices.ts'
import { breakGlassIssuer } from '#lib/kernel/model/people/break-glass-account.ts'
import { decidePermission, type Permission, roleStateOf } from '#lib/kernel/model/people/permission.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'

let fixture: BrokerFixture
/** For calls that leave it unchanged: refused, read-only or only adding. */
let shared: MatrixScene
beforeAll(async () => {
  fixture = await openBrokerFixture()
  shared = await makeMatrixScene(fixture)
})
afterAll(() => fixture.close())

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)
const aborted = () => AbortSignal.timeout(50)

type Row = {
  useCase: DefinedUseCase
  permission: Permission
  call: (ctx: TestContext, scene: MatrixScene) => Promise<unknown>
  /** Can succeed only once, so each allowed person gets their own scene. */
  once?: boolean
  /** Refused people don't learn that the thing exists, not even members. */
  alwaysHidden?: boolean
  /** The people that the configured policy lets decide on the request. */
  deciders?: readonly Column[]
}

const row = (
  useCase: DefinedUseCase,
  permission: Permission,
  call: Row['call'],
  more: Pick<Row, 'once' | 'alwaysHidden' | 'deciders'> = {},
): Row => ({ useCase, permission, call, ...more })

/** One per person: people without one set it up. */
const webhook = { url: 'http://localhost:9/', format: 'spaceport', choices: sentByDefault } as const
const present = (error: unknown) => {
  if (!isAppError(error, 'webhook_exists')) throw error
}
const running = (error: unknown) => {
  if (!isAppError(error, 'trail_check_running')) throw error
}
/** An unknown id. */
const nobody = '00000000-0000-4000-8000-000000000000'
const absent = (error: unknown) => {
  if (!isAppError(error, 'not_found')) throw error
}

/** Each use case, with its permission and a call of it. */
const rows: Record<string, Row> = {
  'create-space': row(createSpace, 'create-space', (ctx) =>
    createSpace(ctx, { name: uniqueName('made'), description: '', size: 'S', endsAt: null }),
  ),
  'count-own-spaces': row(countOwnSpaces, 'create-space', (ctx) => countOwnSpaces(ctx)),
  'check-space-name': row(checkSpaceName, 'check-space-name', (ctx) =>
    checkSpaceName(ctx, { name: uniqueName('free') }),
  ),
  'read-cluster-notices': row(readClusterNotices, 'read-cluster-notices', (ctx) => readClusterNotices(ctx)),
  'list-clusters': row(listClusters, 'list-clusters', (ctx) => listClusters(ctx)),
  'list-spaces': row(listSpaces, 'list-spaces', (ctx) => listSpaces(ctx, {})),
  'export-spaces': row(exportSpaces, 'export-spaces', (ctx) => exportSpaces(ctx, {})),
  'search-groups': row(searchGroups, 'search-groups', (ctx) => searchGroups(ctx, { text: 'team' })),
  'search-portal': row(searchPortal, 'search-portal', (ctx) => searchPortal(ctx, { text: 'al' })),
  'read-access-fingerprint': row(readAccessFingerprint, 'read-space', (ctx, { key }) =>
    readAccessFingerprint(ctx, key),
  ),
  'read-space': row(readSpace, 'read-space', (ctx, { key }) => readSpace(ctx, key)),
  'list-grants': row(listGrants, 'read-space', (ctx, { key }) => listGrants(ctx, key)),
  'watch-space': row(watchSpace, 'read-space', (ctx, { key }) =>
    watchSpace(ctx, key, { onChange: () => {}, onSpace: () => () => {}, signal: aborted() }),
  ),
  'locate-space': row(locateSpace, 'read-space-inside', (ctx, { key }) => locateSpace(ctx, key)),
  'read-space-inside': row(readSpaceInside, 'read-space-inside', (ctx, { key }) => readSpaceInside(ctx, key)),
  'read-first-steps': row(readFirstSteps, 'read-space-inside', (ctx, { key }) => readFirstSteps(ctx, key)),
  'read-workload': row(readWorkload, 'read-space-inside', (ctx, { key }) =>
    readWorkload(ctx, { space: key, of: 'Deployment/web', withManifest: true }),
  ),
  'list-configuration': row(listConfiguration, 'read-space-inside', (ctx, { key }) => listConfiguration(ctx, key)),
  'read-configured': row(readConfigured, 'read-space-inside', (ctx, { key }) =>
    readConfigured(ctx, { space: key, of: { kind: 'ConfigMap', name: 'kube-root-ca.crt' } }),
  ),
  'list-using-pods': row(listUsingPods, 'read-space-inside', (ctx, { key }) =>
    listUsingPods(ctx, { space: key, of: { kind: 'Secret', name: 'db' } }),
  ),
  'record-secret-shown': row(recordSecretShown, 'show-secret', (ctx, { key }) =>
    recordSecretShown(ctx, { space: key, secret: 'db', key: 'password' }),
  ),
  'find-size-request': row(findSizeRequest, 'request-size', (ctx, { key }) => findSizeRequest(ctx, key)),
  'read-usage-history': row(readUsageHistory, 'read-space-inside', (ctx, { key }) =>
    readUsageHistory(ctx, { space: key, range: 'day' }),
  ),
  'list-space-activity': row(listSpaceActivity, 'read-space-activity', (ctx, { key }) =>
    listSpaceActivity(ctx, { space: key }),
  ),
  'read-activity-state': row(readActivityState, 'read-space-activity', (ctx, { key }) =>
    readActivityState(ctx, { space: key }),
  ),
  'count-space-loss': row(countSpaceLoss, 'delete-space', (ctx, { key }) => countSpaceLoss(ctx, key)),
  'update-space': row(updateSpace, 'update-space', (ctx, { key }) =>
    updateSpace(ctx, { space: key, description: 'changed' }),
  ),
  'declare-space': {
    ...row(declareSpace, 'declare-space', (ctx, { key }) => {
      const gitIdentities = [{ cluster: 'default', namespace: 'team', handle: ctx.actor.handle }]
      return declareSpace(fixture.as(ctx.actor, { gitIdentities }), { space: key, namespace: 'team' })
    }),
    once: true,
  },
  'release-space': row(releaseSpace, 'release-space', (ctx, { key }) => releaseSpace(ctx, { space: key })),
  'retry-space': row(retrySpace, 'retry-space', (ctx, { key }) => retrySpace(ctx, { space: key })),
  'add-grant': row(addGrant, 'add-grant', async (ctx, { key }) =>
    addGrant(ctx, {
      space: key,
      principal: `user:${(await fixture.person('new')).handle}`,
      role: 'viewer',
      endsAt: null,
      reason: 'a test',
    }),
  ),
  'change-grant': row(
    changeGrant,
    'change-grant',
    (ctx, { key, grantId }) =>
      changeGrant(ctx, { space: key, grantId, role: 'editor', endsAt: null, reason: 'a test' }),
    { once: true },
  ),
  'search-principals': row(searchPrincipals, 'search-principals', (ctx, { key }) =>
    searchPrincipals(ctx, { space: key, text: 'al' }),
  ),
  'create-credential': row(createCredential, 'create-credential', (ctx, { key }) =>
    createCredential(ctx, { space: key }),
  ),
  'create-credential-for-all': row(createCredentialForAll, 'create-credential-for-all', async (ctx) => {
    const name = uniqueName('mine')
    await createSpace(ctx, { name, description: '', size: 'S', endsAt: null })
    const { kubeconfig } = await createCredentialForAll(ctx, {})
    expect(kubeconfig).toContain(name)
  }),
  'open-browser-access': row(openBrowserAccess, 'create-credential-for-all', async (ctx) => {
    const { rows: made } = await fixture.owner.query<{ id: string }>(
      `INSERT INTO session (id, token_hash, user_id, expires_at)
       VALUES (gen_random_uuid(), sha256(gen_random_uuid()::text::bytea), $1, now() + interval '1 hour') RETURNING id`,
      [ctx.actor.userId],
    )
    await openBrowserAccess(fixture.as({ ...ctx.actor, sessionId: made[0]?.id ?? '' }), undefined)
  }),
  'list-credentials': row(listCredentials, 'list-credentials', (ctx) => listCredentials(ctx)),
  'list-active-credentials': row(listActiveCredentials, 'list-credentials', (ctx) => listActiveCredentials(ctx)),
  'request-space': row(requestSpace, 'request-space', (ctx) =>
    requestSpace(ctx, { name: uniqueName('wish'), description: '', size: 'L', endsAt: null, reason: 'because' }),
  ),
  'request-size': row(
    requestSize,
    'request-size',
    (ctx, { key }) => requestSize(ctx, { space: key, size: 'L', reason: 'it grows' }),
    { once: true },
  ),
  'request-life': row(requestLife, 'request-life', async (ctx, { key }) => {
    await approvedUntil(new Date(Date.now() + 86_400_000), key.name)
    return requestLife(ctx, { space: key, endsAt: new Date(Date.now() + 9 * 86_400_000), reason: 'it goes on' })
  }),
  'request-role': row(requestRole, 'request-role', (ctx) =>
    requestRole(ctx, { space: { name: uniqueName('unknown') }, role: 'viewer', minutes: 1_440, reason: 'to look' }),
  ),
  'list-requests': row(listRequests, 'list-requests', (ctx) => listRequests(ctx, { box: 'mine' })),
  'count-waiting-requests': row(countWaitingRequests, 'list-requests', (ctx) => countWaitingRequests(ctx)),
  'list-open-requests': row(listOpenRequests, 'list-open-requests', (ctx) => listOpenRequests(ctx, {})),
  'read-overview': row(readOverview, 'read-overview', (ctx) => readOverview(ctx)),
  'read-role-request': row(readRequest, 'read-request', (ctx, { roleRequest: { id } }) => readRequest(ctx, { id }), {
    alwaysHidden: true,
    deciders: ['owner', 'platformAdmin'],
  }),
  'read-space-request': row(readRequest, 'read-request', (ctx, { spaceRequest: { id } }) => readRequest(ctx, { id }), {
    alwaysHidden: true,
    deciders: ['platformAdmin'],
  }),
  'decide-role-request': row(
    decideRequest,
    'decide-request',
    (ctx, { roleRequest }) => decideRequest(ctx, { ...roleRequest, decision: 'approve', reason: '', minutes: null }),
    { once: true, alwaysHidden: true, deciders: ['owner', 'platformAdmin'] },
  ),
  'decide-space-request': row(
    decideRequest,
    'decide-request',
    (ctx, { spaceRequest }) =>
      decideRequest(ctx, { ...spaceRequest, decision: 'deny', reason: 'too big', minutes: null }),
    { once: true, alwaysHidden: true, deciders: ['platformAdmin'] },
  ),
  'list-admin-acts': row(listAdminActs, 'list-inbox', (ctx) => listAdminActs(ctx)),
  'list-inbox': row(listInbox, 'list-inbox', (ctx) => listInbox(ctx, {})),
  'read-news': row(readNews, 'list-inbox', (ctx) => readNews(ctx, { since: inDays(-1) })),
  'read-mail-settings': row(readMailSettings, 'list-inbox', (ctx) => readMailSettings(ctx)),
  'choose-mail': row(chooseMail, 'choose-mail', (ctx) =>
    chooseMail(ctx, { waiting: false, decided: true, access: true, spaces: false, endings: true }),
  ),
  'save-filter': row(saveFilter, 'keep-filters', (ctx) =>
    saveFilter(ctx, { list: 'spaces', name: uniqueName('saved'), query: { owner: 'me' } }),
  ),
  'list-filters': row(listFilters, 'keep-filters', (ctx) => listFilters(ctx, { list: 'spaces' })),
  'read-webhook': row(readWebhook, 'read-webhook', (ctx) => readWebhook(ctx)),
  'set-up-webhook': row(setUpWebhook, 'set-up-webhook', async (ctx) => {
    await removeWebhook(ctx).catch(absent)
    return setUpWebhook(ctx, webhook)
  }),
  'change-webhook': row(changeWebhook, 'change-webhook', async (ctx) => {
    await setUpWebhook(ctx, webhook).catch(present)
    return changeWebhook(ctx, { ...webhook, format: 'slack' })
  }),
  'test-webhook': row(testWebhook, 'test-webhook', async (ctx) => {
    await setUpWebhook(ctx, webhook).catch(present)
    return testWebhook(ctx)
  }),
  'rotate-webhook-secret': row(rotateWebhookSecret, 'rotate-webhook-secret', async (ctx) => {
    await setUpWebhook(ctx, webhook).catch(present)
    return rotateWebhookSecret(ctx)
  }),
  'remove-webhook': row(removeWebhook, 'remove-webhook', async (ctx) => {
    await setUpWebhook(ctx, webhook).catch(present)
    return removeWebhook(ctx)
  }),
  'mark-all-read': row(markAllRead, 'mark-read', (ctx) => markAllRead(ctx, { until: new Date().toISOString() })),
  'activate-admin-role': row(activateAdminRole, 'activate-admin-role', (ctx) =>
    activateAdminRole(withActivation(ctx), { reason: 'a test', minutes: 5 }),
  ),
  'end-own-admin-role': row(endOwnAdminRole, 'end-own-admin-role', (ctx) => endOwnAdminRole(withActivation(ctx), {})),
  'end-admin-role': row(endAdminRole, 'end-admin-role', (ctx, { other }) =>
    endAdminRole(ctx, { id: other.userId, reason: 'a test' }),
  ),
  'acknowledge-break-glass-use': row(acknowledgeBreakGlassUse, 'acknowledge-break-glass-use', async (ctx) =>
    acknowledgeBreakGlassUse(ctx, { id: await usedCode(), reason: 'a test' }),
  ),
  'read-provisioning': row(readProvisioning, 'list-provisioning-tokens', (ctx) => readProvisioning(ctx)),
  'ask-for-provisioning-token': row(askForProvisioningToken, 'create-provisioning-token', async (ctx) => {
    await fixture.owner.query(`UPDATE scim_token_request SET closed_at = now(), closed_as = 'withdrawn'`)
    return askForProvisioningToken(ctx, { name: 'a token', expiresAt: inDays(30) })
  }),
  'approve-provisioning-token': row(approveProvisioningToken, 'approve-provisioning-token', async (ctx) => {
    const asker = await fixture.person('asker', { platformRole: 'admin' })
    return approveProvisioningToken(ctx, { id: await addTokenRequest(fixture.owner, asker) })
  }),
  'decline-provisioning-token': row(declineProvisioningToken, 'decline-provisioning-token', async (ctx) => {
    const asker = await fixture.person('asker', { platformRole: 'admin' })
    return declineProvisioningToken(ctx, { id: await addTokenRequest(fixture.owner, asker) })
  }),
  'reveal-provisioning-token': row(revealProvisioningToken, 'create-provisioning-token', async (ctx) => {
    await fixture.owner.query('UPDATE scim_token SET revoked_at = now() WHERE revoked_at IS NULL')
    const approver = await fixture.person('approver', { platformRole: 'admin' })
    return revealProvisioningToken(ctx, { id: await addTokenRequest(fixture.owner, ctx.actor, approver) })
  }),
  'take-over-provisioning-token': row(takeOverProvisioningToken, 'take-over-provisioning-token', async (ctx) => {
    await fixture.owner.query('UPDATE scim_token SET revoked_at = now() WHERE revoked_at IS NULL')
    const maker = await fixture.person('maker')
    const { id } = await addScimToken(fixture.owner, maker)
    return takeOverProvisioningToken(ctx, { id, from: maker.handle })
  }),
  'freeze-provisioning': row(freezeProvisioning, 'freeze-provisioning', (ctx) =>
    freezeProvisioning(ctx, { reason: 'a test' }),
  ),
  'unfreeze-provisioning': row(unfreezeProvisioning, 'unfreeze-provisioning', (ctx) =>
    unfreezeProvisioning(ctx, { reason: 'a test' }),
  ),
  'read-pushed-groups': row(readPushedGroups, 'list-provisioning-tokens', (ctx) => readPushedGroups(ctx, {})),
  'remove-pushed-group': row(removePushedGroup, 'remove-pushed-group', async (ctx) =>
    removePushedGroup(ctx, { id: await addPushedGroup(fixture.owner), reason: 'a test' }),
  ),
  'revoke-provisioning-token': row(revokeProvisioningToken, 'revoke-provisioning-token', async (ctx) => {
    await fixture.owner.query('UPDATE scim_token SET revoked_at = now() WHERE revoked_at IS NULL')
    const { id } = await addScimToken(fixture.owner, await fixture.person('maker'))
    return revokeProvisioningToken(ctx, { id })
  }),
  'deactivate-person': row(deactivatePerson, 'deactivate-person', async (ctx) =>
    deactivatePerson(ctx, { id: (await fixture.person('departing')).userId, reason: 'a test' }),
  ),
  'reactivate-person': row(reactivatePerson, 'reactivate-person', (ctx, { other }) =>
    reactivatePerson(ctx, { id: other.userId, reason: 'a test' }),
  ),
  'offboard-person': row(offboardPerson, 'offboard-person', async (ctx) => {
    const { userId: id, handle } = await fixture.person('departing')
    return offboardPerson(ctx, { id, reason: 'a test', confirmation: handle, rest: null })
  }),
  'ask-offboarding-again': row(askOffboardingAgain, 'offboard-person', async (ctx) =>
    askOffboardingAgain(ctx, { id: await offboarded() }),
  ),
  'read-leaver': row(readDepartingUser, 'offboard-person', (ctx, { other }) =>
    readDepartingUser(ctx, { handle: other.handle }),
  ),
  'read-offboarding': row(readOffboarding, 'read-person', async (ctx) =>
    readOffboarding(ctx, { id: await offboarded() }),
  ),
  'sign-out-person': row(signOutPerson, 'sign-out-person', (ctx, { other }) =>
    signOutPerson(ctx, { id: other.userId }),
  ),
  'end-own-sessions': row(endOwnSessions, 'end-own-sessions', (ctx) =>
    endOwnSessions(ctx, { choice: 'except', session: randomUUID() }),
  ),
  'list-all-credentials': row(listAllCredentials, 'list-all-credentials', (ctx) => listAllCredentials(ctx, {})),
  'revoke-credentials': row(revokeCredentials, 'revoke-credentials', (ctx, { other }) =>
    revokeCredentials(ctx, { person: other.handle, reason: 'a test' }),
  ),
  'revoke-own-credentials': row(revokeOwnCredentials, 'revoke-own-credentials', (ctx) =>
    revokeOwnCredentials(ctx, { ids: [randomUUID()] }),
  ),
  'list-people': row(listPeople, 'list-people', (ctx) => listPeople(ctx, {})),
  'search-known-groups': row(searchKnownGroups, 'list-people', (ctx) => searchKnownGroups(ctx, { text: 'team' })),
  'read-person-head': row(readPersonHead, 'read-person', (ctx, { other }) =>
    readPersonHead(ctx, { handle: other.handle }),
  ),
  'read-person': row(readPersonPage, 'read-person', (ctx, { other }) => readPersonPage(ctx, { handle: other.handle })),
  'list-all-spaces': row(listAllSpaces, 'read-access-report', (ctx) => listAllSpaces(ctx, {})),
  'read-access-of-person': row(readAccessOfPerson, 'read-access-report', (ctx, { other }) =>
    readAccessOfPerson(ctx, { person: other.handle }),
  ),
  'read-access-of-space': row(readAccessOfSpace, 'read-access-report', (ctx, { key }) =>
    readAccessOfSpace(ctx, { space: key }),
  ),
  'read-space-bindings': row(readSpaceBindings, 'read-access-report', (ctx, { key }) =>
    readSpaceBindings(ctx, { space: key }),
  ),
  'read-sightings': row(readDirectAccess, 'read-access-report', (ctx, { key }) =>
    readDirectAccess(ctx, { space: key }),
  ),
  'export-access-report': row(exportAccessReport, 'export-access-report', (ctx, { key }) =>
    exportAccessReport(ctx, { by: 'space', space: key }),
  ),
  'ask-who-may': row(askWhoMay, 'ask-cluster', (ctx, { key }) =>
    askWhoMay(ctx, { space: key, verb: 'delete', resource: 'pods' }),
  ),
  'ask-what-may': row(askWhatMay, 'ask-cluster', (ctx, { key, other }) =>
    askWhatMay(ctx, { space: key, person: other.handle }),
  ),
  'read-policy': row(readPolicy, 'read-policy', (ctx) => readPolicy(ctx, {})),
  'try-policy': row(tryPolicy, 'try-policy', (ctx) => tryPolicy(ctx, { rules: ctx.configuredRules })),
  'change-policy': row(changePolicy, 'change-policy', async (ctx) => {
    const { number, rules } = await readPolicy(fixture.as(shared.actors.platformAdmin), {})
    const changed = { ...rules, requestExpiryDays: rules.requestExpiryDays === 7 ? 8 : 7 }
    return changePolicy(ctx, { base: number, rules: changed, reason: 'a test' })
  }),
  'list-reviews': row(listReviews, 'list-reviews', (ctx) => listReviews(ctx, {})),
  'list-waiting-reviews': row(listWaitingReviews, 'list-inbox', (ctx) => listWaitingReviews(ctx)),
  'read-review': row(readReview, 'read-review', (ctx, { review: { id } }) => readReview(ctx, { id, filter: {} }), {
    alwaysHidden: true,
    deciders: ['owner'],
  }),
  'decide-review': row(
    decideReview,
    'decide-review',
    (ctx, { review: { id, line } }) => decideReview(ctx, { id, ids: [line], decision: 'keep' }),
    { once: true, alwaysHidden: true, deciders: ['owner'] },
  ),
  'start-review': row(startReview, 'start-review', (ctx, { key }) =>
    startReview(ctx, { name: uniqueName('review'), spaces: [key.name], dueAt: inDays(7), undecided: 'keep' }),
  ),
  'schedule-reviews': row(scheduleReviews, 'schedule-reviews', (ctx) =>
    scheduleReviews(ctx, { months: null, nextOn: '2030-01-01', dueDays: 7, undecided: 'keep' }),
  ),
  'extend-review': row(
    extendReview,
    'extend-review',
    (ctx, { review: { id } }) => extendReview(ctx, { id, dueAt: inDays(14), reason: 'a test' }),
    { once: true },
  ),
  'end-review': row(endReview, 'close-review', (ctx, { review: { id } }) => endReview(ctx, { id, reason: 'a test' }), {
    once: true,
  }),
  'export-review': row(exportReview, 'export-review', (ctx, { review: { id } }) =>
    exportReview(ctx, { id, format: 'csv' }),
  ),
  'list-audit': row(listAudit, 'list-audit', (ctx) => listAudit(ctx, {})),
  'read-trail-state': row(readTrailState, 'list-audit', (ctx) => readTrailState(ctx)),
  'export-audit': row(exportAudit, 'export-audit', (ctx) => exportAudit(ctx, { format: 'csv' })),
  'start-export': row(startExport, 'export-audit', (ctx) => startExport(ctx, { format: 'csv' })),
  'download-export': row(downloadExport, 'export-audit', async (ctx) =>
    downloadExport(ctx, { id: await exported(ctx) }),
  ),
  'remove-export': row(removeExport, 'export-audit', async (ctx) => removeExport(ctx, { id: await exported(ctx) })),
  'list-exports': row(listExports, 'export-audit', (ctx) => listExports(ctx)),
  'list-deliveries': row(listDeliveries, 'list-audit', (ctx) => listDeliveries(ctx)),
  'export-checkpoints': row(exportCheckpoints, 'export-audit', (ctx) => exportCheckpoints(ctx)),
  'read-event': row(readEvent, 'list-audit', (ctx) => readEvent(ctx, { id: nobody }).catch(absent)),
  'read-person-story': row(readPersonStory, 'list-audit', (ctx, { actors }) =>
    readPersonStory(ctx, { handle: actors.owner.handle }),
  ),
  'read-space-story': row(readSpaceStory, 'list-audit', (ctx) => readSpaceStory(ctx, { id: nobody }).catch(absent)),
  'read-credential-story': row(readCredentialStory, 'list-audit', (ctx) =>
    readCredentialStory(ctx, { id: nobody }).catch(absent),
  ),
  'list-audit-intakes': row(listAuditIntakes, 'list-audit', (ctx) => listAuditIntakes(ctx)),
  'read-chain': row(readChainForPage, 'list-audit', (ctx) => readChainForPage(ctx)),
  'verify-trail': row(verifyTrail, 'verify-trail', (ctx) =>
    verifyTrail(ctx, { fromAt: null, toAt: null }).catch(running),
  ),
  'cancel-verification': row(cancelVerification, 'verify-trail', (ctx) => cancelVerification(ctx, { id: nobody })),
  'leave-space': row(leaveSpace, 'leave-space', (ctx, { key }) => leaveSpace(ctx, { space: key }), { once: true }),
  'remove-grant': row(
    removeGrant,
    'remove-grant',
    (ctx, { key, grantId }) => removeGrant(ctx, { space: key, grantId, reason: 'a test' }),
    { once: true },
  ),
  'offer-space': row(
    offerSpace,
    'offer-space',
    (ctx, { key, other }) => offerSpace(ctx, { space: key, to: `user:${other.handle}`, reason: 'a test' }),
    { once: true },
  ),
  'read-offer': row(readOffer, 'withdraw-offer', (ctx, { key }) => readOffer(ctx, key)),
  'withdraw-offer': row(
    withdrawOffer,
    'withdraw-offer',
    async (ctx, { key, actors, other }) => {
      await offerSpace(fixture.as(actors.owner), { space: key, to: `user:${other.handle}` }).catch(alreadyOffered)
      return withdrawOffer(ctx, { space: key })
    },
    { once: true },
  ),
  'list-offers': row(listOffers, 'list-offers', (ctx) => listOffers(ctx)),
  'delete-space': row(
    deleteSpace,
    'delete-space',
    (ctx, { key }) => deleteSpace(ctx, { space: key, confirmation: key.name }),
    { once: true },
  ),
}

/** With activation required for platform admins. */
const withActivation = (ctx: TestContext) => fixture.as(ctx.actor, { policy: { ...ctx.policy, adminMinutes: 60 } })

/** @returns the id of a used break-glass code */
async function usedCode(): Promise<string> {
  const { userId } = await fixture.person('break-glass', { issuer: breakGlassIssuer })
  const { rows: made } = await fixture.owner.query<{ id: string }>(
    `INSERT INTO break_glass_code (id, code_hash, created_at, used_at, used_by_id)
     VALUES (gen_random_uuid(), sha256(gen_random_uuid()::text::bytea), now(), now(), $1) RETURNING id`,
    [userId],
  )
  return made[0]?.id ?? ''
}

/** @returns the id of a person's finished export of the trail */
async function exported({ actor }: TestContext): Promise<string> {
  const { rows: made } = await fixture.owner.query<{ id: string }>(
    `INSERT INTO trail_export (id, person_id, format, filter, state, created_at)
     VALUES (gen_random_uuid(), $1, 'csv', '{}', 'done', now()) RETURNING id`,
    [actor.userId],
  )
  return made[0]?.id ?? ''
}

/** @returns the id of an offboarding */
async function offboarded(): Promise<string> {
  const { userId: id, handle } = await fixture.person('departing')
  const as = fixture.as(shared.actors.platformAdmin)
  return (await offboardPerson(as, { id, reason: 'a test', confirmation: handle, rest: null }))?.id ?? ''
}

function alreadyOffered(error: unknown): void {
  if (!isAppError(error, 'offer_exists')) throw error
}

type OwnRow = {
  useCase: DefinedUseCase
  permission: Permission
  /**
   * Creates the thing for a person.
   * @returns its id
   */
  make: (actor: Actor) => Promise<string>
  call: (ctx: TestContext, id: string) => Promise<unknown>
}

/** What everyone may do with their own things and no one with other people's. */
const ownRows: Record<string, OwnRow> = {
  'revoke-credential': {
    useCase: revokeCredential,
    permission: 'revoke-credential',
    make: makeCredential,
    call: (ctx, id) => revokeCredential(ctx, { id }),
  },
  'withdraw-request': {
    useCase: withdrawRequest,
    permission: 'withdraw-request',
    make: async (actor) =>
      (await requestRole(fixture.as(actor), { space: { name: uniqueName('no') }, role: 'viewer', reason: 'to look' }))
        .id,
    call: (ctx, id) => withdrawRequest(ctx, { id }),
  },
  'mark-read': {
    useCase: markRead,
    permission: 'mark-read',
    make: makeNotice,
    call: (ctx, id) => markRead(ctx, { id }),
  },
  'rename-filter': {
    useCase: renameFilter,
    permission: 'keep-filters',
    make: makeFilter,
    call: (ctx, id) => renameFilter(ctx, { id, name: uniqueName('renamed') }),
  },
  'delete-filter': {
    useCase: deleteFilter,
    permission: 'keep-filters',
    make: makeFilter,
    call: (ctx, id) => deleteFilter(ctx, { id }),
  },
  'accept-offer': {
    useCase: acceptOffer,
    permission: 'accept-offer',
    make: makeOffer,
    call: (ctx, id) => acceptOffer(ctx, { id }),
  },
  'decline-offer': {
    useCase: declineOffer,
    permission: 'decline-offer',
    make: makeOffer,
    call: (ctx, id) => declineOffer(ctx, { id }),
  },
}

/** As if the space had been requested and approved until then. */
function approvedUntil(end: Date, name: string) {
  return fixture.owner.query(
    `WITH asked AS (
       INSERT INTO request (id, kind, requester_id, cluster_id, payload, payload_hash, reason, state, expires_at)
       SELECT gen_random_uuid(), 'space', owner_id, cluster_id,
         jsonb_build_object('kind', 'space', 'cluster', 'default', 'name', name, 'description', '', 'size', 'S', 'endsAt', $1::text),
         '', 'a test', 'approved', now()
       FROM space WHERE name = $2 RETURNING id)
     UPDATE space SET request_id = asked.id FROM asked WHERE name = $2`,
    [end.toISOString(), name],
  )
}

async function makeCredential({ userId }: Actor): Promise<string> {
  const { rows: made } = await fixture.owner.query<{ id: string }>(
    `INSERT INTO credential (id, user_id, token_hash, ends_at)
     VALUES (gen_random_uuid(), $1, sha256(gen_random_uuid()::text::bytea), now() + interval '1 hour') RETURNING id`,
    [userId],
  )
  return made[0]?.id ?? ''
}

async function makeFilter(actor: Actor): Promise<string> {
  const name = uniqueName('saved')
  await saveFilter(fixture.as(actor), { list: 'spaces', name, query: { owner: 'me' } })
  return (await listFilters(fixture.as(actor), { list: 'spaces' })).find((one) => one.name === name)?.id ?? ''
}

async function makeNotice(actor: Actor): Promise<string> {
  const { id: spaceId } = await readSpace(fixture.as(shared.actors.owner), shared.key)
  const by = { handle: 'padmin', name: 'padmin' }
  const act = { kind: 'offer' as const, to: { kind: 'user' as const, name: 'x', handle: 'x' }, reason: 'a test', by }
  const event = { kind: 'admin-act' as const, space: { name: shared.key.name, cluster: 'default' }, act }
  await inTransaction(fixture.services.db, (tx) =>
    insertInboxEvents(tx, [{ to: actor.userId, event, spaceId }], new Date()),
  )
  return (await listAdminActs(fixture.as(actor)))[0]?.id ?? ''
}

async function makeOffer(actor: Actor): Promise<string> {
  const giver = await fixture.person('giver')
  const { name } = await fixture.offlineSpace(giver)
  await offerSpace(fixture.as(giver, fixture.offline), { space: { name }, to: `user:${actor.handle}` })
  return (await listOffers(fixture.as(actor))).find(({ space }) => space.name === name)?.id ?? ''
}

async function outcomeOf(call: Promise<unknown>): Promise<'allowed' | 'forbidden' | 'hidden'> {
  try {
    await call
    return 'allowed'
  } catch (error) {
    if (isAppError(error, 'forbidden')) return 'forbidden'
    if (isAppError(error, 'not_found')) return 'hidden'
    throw error
  }
}

test.each(Object.entries(rows))('%s treats each person as in the table', async (_name, entry) => {
  for (const column of columns) {
    const decided = decidePermission(entry.permission, {
      ...roleStateOf(shared.actors[column]),
      standing: standings[column] ?? null,
      isDecider: entry.deciders?.includes(column) === true,
    })
    const expected = decided === 'forbidden' && entry.alwaysHidden ? 'hidden' : decided
    // A scene that is used once costs no cluster: whether the call is allowed is decided before.
    const once = expected === 'allowed' && entry.once
    const scene = once ? await makeMatrixScene(fixture, { offline: true }) : shared
    const ctx = fixture.as(scene.actors[column], once ? fixture.offline : {})
    expect({ column, outcome: await outcomeOf(entry.call(ctx, scene)) }).toEqual({ column, outcome: expected })
  }
})

test.each(Object.entries(ownRows))('%s works on one’s own, and someone else’s is not found', async (_name, entry) => {
  const others = await entry.make(shared.other)
  for (const column of columns) {
    const actor = shared.actors[column]
    const own = await entry.make(actor)
    expect({ column, others: await outcomeOf(entry.call(fixture.as(actor), others)) }).toEqual({
      column,
      others: 'hidden',
    })
    expect({ column, own: await outcomeOf(entry.call(fixture.as(actor), own)) }).toEqual({ column, own: 'allowed' })
  }
  expect(await outcomeOf(entry.call(fixture.as(shared.other), others))).toBe('allowed')
})

test('an impossible space name is not found, even for platform admins', async () => {
  const admin = { ...(await fixture.person('nul')), platformRole: 'admin' as const }
  for (const key of [{ name: 'a\0b' }, { name: 'a', cluster: 'b\0' }, { name: 'a'.repeat(64) }, { name: '' }])
    await expect(readSpace(fixture.as(admin), key)).rejects.toMatchObject({ code: 'not_found' })
})

/** @returns every use case, once per permission */
async function findGuards(): Promise<{ name: string; useCase: DefinedUseCase; permission: Permission }[]> {
  const files = globSync('*/use-cases/*.ts', { cwd: import.meta.dirname })
    .filter((name) => !/\.i?test\.ts$/.test(name))
    .map((name) => join(import.meta.dirname, name))
  const modules: Record<string, unknown>[] = await Promise.all(files.map((file) => import(/* @vite-ignore */ file)))
  return modules
    .flatMap((module) => Object.entries(module))
    .flatMap(([name, value]) =>
      isUseCase(value) ? value.permissions.map((permission) => ({ name, useCase: value, permission })) : [],
    )
}

test('every use case has a row for each of its permissions, and no others', async () => {
  const all = [...Object.values(rows), ...Object.values(ownRows)]
  const guards = await findGuards()
  const same = (one: Omit<OwnRow, 'make' | 'call'>, other: Omit<OwnRow, 'make' | 'call'>) =>
    one.useCase === other.useCase && one.permission === other.permission
  expect(guards.length).toBeGreaterThan(40)
  expect(guards.filter((guard) => !all.some((one) => same(one, guard)))).toEqual([])
  expect(all.filter((one) => !guards.some((guard) => same(one, guard)))).toEqual([])
})
