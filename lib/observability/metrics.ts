import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { processValue } from './process-value.ts'

/** Requests and server actions of web, and what was refused. */
function createRequestMetrics(registers: Registry[]) {
  return {
    requests: new Counter({
      name: 'spaceport_http_requests_total',
      help: 'Requests answered, by kind of route, method and class of status.',
      labelNames: ['route', 'method', 'status'],
      registers,
    }),
    requestDuration: new Histogram({
      name: 'spaceport_http_request_duration_seconds',
      help: 'Time from a request’s head to the end of its answer.',
      labelNames: ['route'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    actionDuration: new Histogram({
      name: 'spaceport_action_duration_seconds',
      help: 'Server actions, by name and outcome (ok, an error code, or bug).',
      labelNames: ['action', 'outcome'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    refusals: new Counter({
      name: 'spaceport_refusals_total',
      help: 'Use cases refused or failed in an expected way, by reason (an error code).',
      labelNames: ['action', 'reason'],
      registers,
    }),
    signIns: new Counter({
      name: 'spaceport_sign_ins_total',
      help: 'Sign-ins, by result (ok or an error code).',
      labelNames: ['result'],
      registers,
    }),
    secretUses: new Counter({
      name: 'spaceport_secret_uses_total',
      help: 'Uses of a rotatable secret (session, oidc-client), by value (current, or other: from the variable ending in _OTHER). Web only.',
      labelNames: ['secret', 'value'],
      registers,
    }),
  }
}

/** Background work: reconciles, mails and webhooks. */
function createJobMetrics(registers: Registry[]) {
  return {
    reconcileDuration: new Histogram({
      name: 'spaceport_reconcile_duration_seconds',
      help: 'Reconciles of a space, by outcome (ok or an error code).',
      labelNames: ['outcome'],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    spaceCreation: new Histogram({
      name: 'spaceport_space_creation_seconds',
      help: 'Time from the creation or approval of a space until it is first ready.',
      labelNames: ['cluster'],
      buckets: [0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800],
      registers,
    }),
    mails: new Counter({
      name: 'spaceport_mails_total',
      help: 'Attempts to send mail, by outcome: sent, waiting for a retry, given_up, skipped. Worker only.',
      labelNames: ['outcome'],
      registers,
    }),
    webhooks: new Counter({
      name: 'spaceport_webhooks_total',
      help: 'Webhook deliveries, by outcome: sent, waiting for a retry, given_up, skipped. Worker only.',
      labelNames: ['outcome'],
      registers,
    }),
    queueLength: new Gauge({
      name: 'spaceport_queue_length',
      help: 'Jobs waiting or running; NaN while the database is unavailable.',
      registers,
    }),
  }
}

/** The state of clusters, and their audit. */
function createClusterMetrics(registers: Registry[]) {
  return {
    clusterAuditBatches: new Counter({
      name: 'spaceport_cluster_audit_batches_total',
      help: 'Batches of cluster audit, by result: taken, or the error. Worker only.',
      labelNames: ['result'],
      registers,
    }),
    clusterAuditEvents: new Counter({
      name: 'spaceport_cluster_audit_events_total',
      help: 'Events of cluster audit, by result: kept, again (kept before), unmatched (a Spaceport identity used outside Spaceport; kept), counted (too many to keep), malformed, refused by the database, or why they were dropped (noted: the gateway has its own row). Worker only.',
      labelNames: ['cluster', 'result'],
      registers,
    }),
    clusterAuditReceivedAt: new Gauge({
      name: 'spaceport_cluster_audit_received_timestamp_seconds',
      help: 'When this worker last received a cluster’s audit, in seconds since the epoch. Worker only.',
      labelNames: ['cluster'],
      registers,
    }),
    fenceInForce: new Gauge({
      name: 'spaceport_fence_in_force',
      help: 'Whether a cluster’s admission policy is proved and as shipped (1) or not (0). Worker only.',
      labelNames: ['cluster', 'policy'],
      registers,
    }),
    fencesProvedAt: new Gauge({
      name: 'spaceport_fences_proved_timestamp_seconds',
      help: 'When all admission policies of a cluster were last proved, in seconds since the epoch. Worker only.',
      labelNames: ['cluster'],
      registers,
    }),
    rightsFindingsCount: new Gauge({
      name: 'spaceport_rights_findings',
      help: 'Rights on a cluster that Spaceport did not give: to its people, in its roles, or to bypass its admission policies.',
      labelNames: ['cluster'],
      registers,
    }),
    leadsCluster: new Gauge({
      name: 'spaceport_leads_cluster',
      help: 'Whether this worker leads a cluster: watches it for drift, and reads usage and foreign rights.',
      labelNames: ['cluster'],
      registers,
    }),
    spaceObjects: new Gauge({
      name: 'spaceport_space_objects',
      help: 'Space objects on a cluster, by state: ready, waiting (for the first check, the cluster, an approval or more deletions), refused (not followed), failing (needs action, or its check fails). From the cluster’s leading worker only.',
      labelNames: ['cluster', 'state'],
      registers,
    }),
  }
}

/** The size of the trail and of its chain. */
function createTrailMetrics(registers: Registry[]) {
  return {
    trailRows: new Gauge({
      name: 'spaceport_trail_rows',
      help: 'Rows of the trail, as estimated by Postgres; NaN while it is unavailable.',
      registers,
    }),
    trailBytes: new Gauge({
      name: 'spaceport_trail_bytes',
      help: 'Disk space of the trail with its indexes; NaN while the database is unavailable.',
      registers,
    }),
    trailUnsealed: new Gauge({
      name: 'spaceport_trail_unsealed_rows',
      help: 'Unsealed rows of the trail, at most 100,000; NaN while the database is unavailable.',
      registers,
    }),
    trailUnsealedAge: new Gauge({
      name: 'spaceport_trail_unsealed_age_seconds',
      help: 'Age of the oldest unsealed row; more than a few seconds: sealing lags, or no worker runs.',
      registers,
    }),
    trailBlocks: new Gauge({
      name: 'spaceport_trail_blocks',
      help: 'Number of the last block of the trail’s chain; NaN while the database is unavailable.',
      registers,
    }),
  }
}

/** The trail’s way to sinks and exports. */
function createTrailDeliveryMetrics(registers: Registry[]) {
  return {
    trailDeliveries: new Counter({
      name: 'spaceport_trail_deliveries_total',
      help: 'Batches of the trail sent, by sink (webhook, syslog) and outcome: taken, or the error. Worker only.',
      labelNames: ['sink', 'outcome'],
      registers,
    }),
    trailDelivered: new Counter({
      name: 'spaceport_trail_delivered_events_total',
      help: 'Events of the trail that a sink has accepted. Worker only.',
      labelNames: ['sink'],
      registers,
    }),
    trailDeliveryWaiting: new Gauge({
      name: 'spaceport_trail_delivery_waiting_rows',
      help: 'Rows of the trail that a sink still lacks, of all workers, from at most 20,000 blocks. Worker only.',
      labelNames: ['sink'],
      registers,
    }),
    trailDeliveryFailing: new Gauge({
      name: 'spaceport_trail_delivery_failing_seconds',
      help: 'Time since a failing sink of the trail last accepted a batch, of all workers; 0 while it works. Worker only.',
      labelNames: ['sink'],
      registers,
    }),
    trailDeliveredAt: new Gauge({
      name: 'spaceport_trail_delivered_timestamp_seconds',
      help: 'When a sink last accepted events of the trail, of all workers, in seconds since the epoch. Worker only.',
      labelNames: ['sink'],
      registers,
    }),
    trailExports: new Counter({
      name: 'spaceport_trail_exports_total',
      help: 'Work on exports of the trail: part (written, not the last), done, failed. Worker only.',
      labelNames: ['outcome'],
      registers,
    }),
  }
}

/** @returns the metrics of web and worker, with their own registry */
function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  return {
    registry,
    ...createRequestMetrics(registers),
    ...createJobMetrics(registers),
    ...createClusterMetrics(registers),
    ...createTrailMetrics(registers),
    ...createTrailDeliveryMetrics(registers),
  }
}

/** The metrics of this process. */
export const metrics = () => processValue('metrics', createMetrics)
