import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { processValue } from './process-value.ts'

/** @returns the metrics of web and worker, with a registry of their own */
function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  return {
    registry,
    requests: new Counter({
      name: 'spaceport_http_requests_total',
      help: 'Requests answered, by kind of route, method and class of status.',
      labelNames: ['route', 'method', 'status'],
      registers,
    }),
    requestDuration: new Histogram({
      name: 'spaceport_http_request_duration_seconds',
      help: 'From the head of a request to the end of its answer.',
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
    reconcileDuration: new Histogram({
      name: 'spaceport_reconcile_duration_seconds',
      help: 'Reconciles of a space, by outcome (ok or an error code).',
      labelNames: ['outcome'],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    spaceCreation: new Histogram({
      name: 'spaceport_space_creation_seconds',
      help: 'From the creation of a space, or its approval, until it is ready for the first time.',
      labelNames: ['cluster'],
      buckets: [0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800],
      registers,
    }),
    secretUses: new Counter({
      name: 'spaceport_secret_uses_total',
      help: 'Uses of a secret that can have two values, by secret (session, oidc-client) and value (current, or other: the one in the variable that ends in _OTHER). Web only.',
      labelNames: ['secret', 'value'],
      registers,
    }),
    mails: new Counter({
      name: 'spaceport_mails_total',
      help: 'Attempts to send mail, by what became of the mail: sent, waiting for another attempt, given_up, skipped. Worker only.',
      labelNames: ['outcome'],
      registers,
    }),
    webhooks: new Counter({
      name: 'spaceport_webhooks_total',
      help: 'Attempts to deliver to webhooks, by what became of the message: sent, waiting for another attempt, given_up, skipped. Worker only.',
      labelNames: ['outcome'],
      registers,
    }),
    clusterAuditBatches: new Counter({
      name: 'spaceport_cluster_audit_batches_total',
      help: 'Batches of clusters’ audit, by what became of them: taken, or why not. Worker only.',
      labelNames: ['result'],
      registers,
    }),
    clusterAuditEvents: new Counter({
      name: 'spaceport_cluster_audit_events_total',
      help: 'Events of clusters’ audit, by what became of them: kept, again (an earlier attempt had kept it), unmatched (an identity of Spaceport’s, used by somebody else; also kept), counted (too many to be kept), malformed, refused by the database, or why they are not kept (noted: the gateway’s own row says it). Worker only.',
      labelNames: ['cluster', 'result'],
      registers,
    }),
    clusterAuditReceivedAt: new Gauge({
      name: 'spaceport_cluster_audit_received_timestamp_seconds',
      help: 'When this worker last took a batch of a cluster’s audit, in seconds since the epoch. Worker only.',
      labelNames: ['cluster'],
      registers,
    }),
    queueLength: new Gauge({
      name: 'spaceport_queue_length',
      help: 'Jobs waiting or running; NaN while the database does not answer.',
      registers,
    }),
    fenceInForce: new Gauge({
      name: 'spaceport_fence_in_force',
      help: 'Whether an admission policy of a cluster was proved and is as shipped (1) or not (0). Worker only.',
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
      help: 'Rights found on a cluster that Spaceport did not give: to its people, in its roles, or to pass its fences.',
      labelNames: ['cluster'],
      registers,
    }),
    leadsCluster: new Gauge({
      name: 'spaceport_leads_cluster',
      help: 'Whether this worker is the one that watches a cluster for drift, and reads its usage and foreign rights.',
      labelNames: ['cluster'],
      registers,
    }),
    spaceObjects: new Gauge({
      name: 'spaceport_space_objects',
      help: 'Space objects on a cluster, by what became of them: ready, waiting (for a first look, the cluster, an approval, or until more may be deleted), refused (not followed), failing (not ready, and not by itself, or looking at it fails). Only of the worker that leads the cluster.',
      labelNames: ['cluster', 'state'],
      registers,
    }),
    trailRows: new Gauge({
      name: 'spaceport_trail_rows',
      help: 'Rows of the trail, as Postgres estimates them; NaN while it does not answer.',
      registers,
    }),
    trailBytes: new Gauge({
      name: 'spaceport_trail_bytes',
      help: 'Disk space that the trail takes, with its indexes; NaN while the database does not answer.',
      registers,
    }),
    trailDeliveries: new Counter({
      name: 'spaceport_trail_deliveries_total',
      help: 'Batches of the trail sent outside, by sink (webhook, syslog) and outcome: taken, or why not. Worker only.',
      labelNames: ['sink', 'outcome'],
      registers,
    }),
    trailDelivered: new Counter({
      name: 'spaceport_trail_delivered_events_total',
      help: 'Events of the trail that a sink has taken. Worker only.',
      labelNames: ['sink'],
      registers,
    }),
    trailDeliveryWaiting: new Gauge({
      name: 'spaceport_trail_delivery_waiting_rows',
      help: 'Rows of the trail that a sink doesn’t have yet, of all workers; at most those of 20,000 blocks. Worker only.',
      labelNames: ['sink'],
      registers,
    }),
    trailDeliveryFailing: new Gauge({
      name: 'spaceport_trail_delivery_failing_seconds',
      help: 'For how long a sink of the trail has taken nothing that it was sent, of all workers; 0 while it does. Worker only.',
      labelNames: ['sink'],
      registers,
    }),
    trailDeliveredAt: new Gauge({
      name: 'spaceport_trail_delivered_timestamp_seconds',
      help: 'When a sink last took events of the trail, of all workers, in seconds since the epoch. Worker only.',
      labelNames: ['sink'],
      registers,
    }),
    trailExports: new Counter({
      name: 'spaceport_trail_exports_total',
      help: 'Work on exports of the trail: part (written, and not the last), done, failed. Worker only.',
      labelNames: ['outcome'],
      registers,
    }),
    trailUnsealed: new Gauge({
      name: 'spaceport_trail_unsealed_rows',
      help: 'Rows of the trail that no block of its chain has yet, 100,000 at most; NaN while the database does not answer.',
      registers,
    }),
    trailUnsealedAge: new Gauge({
      name: 'spaceport_trail_unsealed_age_seconds',
      help: 'How long the oldest of them has waited; more than a few seconds: sealing lags, or no worker runs.',
      registers,
    }),
    trailBlocks: new Gauge({
      name: 'spaceport_trail_blocks',
      help: 'The number of the last block of the trail’s chain; NaN while the database does not answer.',
      registers,
    }),
    refusals: new Counter({
      name: 'spaceport_refusals_total',
      help: 'Use cases that were refused or failed in an expected way, by reason (an error code).',
      labelNames: ['action', 'reason'],
      registers,
    }),
    signIns: new Counter({
      name: 'spaceport_sign_ins_total',
      help: 'Sign-ins, by result (ok or why not).',
      labelNames: ['result'],
      registers,
    }),
  }
}

/** The metrics of this process. */
export const metrics = () => processValue('metrics', createMetrics)
