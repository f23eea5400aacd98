/** What the sidecar sends and takes: Sources/Sidecar/OpenAPI/openapi.json is the contract. Times are RFC 3339. */

export type Channel = "email" | "sms" | "push";
export type Template = "otp" | "transactional" | "alert" | "marketing";
export type ActionKind = "dispatch" | "retry" | "give_up";
export type Priority = "high" | "normal" | "low";
export type Status = "none" | "delivered" | "soft_bounce" | "hard_bounce" | "timeout" | "throttled" | "rejected" | "unregistered";
export type OutcomeState = "delivered" | "failed" | "pending" | "not_attempted";
export type Source = "stream" | "api" | "shadow";
export type DecisionReason =
  | "best_utility" | "not_due" | "expired" | "permanent_failure" | "already_delivered" | "attempts_exhausted" | "not_worthwhile" | "exploration"
  | "probe" | "circuit_open" | "rate_limited" | "retry_budget" | "last_chance" | "no_model" | "latency_budget";

export const channels: readonly Channel[] = ["email", "sms", "push"];
export const templates: readonly Template[] = ["otp", "transactional", "alert", "marketing"];
export const actionKinds: readonly ActionKind[] = ["dispatch", "retry", "give_up"];
export const priorities: readonly Priority[] = ["high", "normal", "low"];
export const statuses: readonly Status[] = [
  "none", "delivered", "soft_bounce", "hard_bounce", "timeout", "throttled", "rejected", "unregistered",
];
export const outcomeStates: readonly OutcomeState[] = ["delivered", "failed", "pending", "not_attempted"];

// POST /predict

export interface Job {
  job_id: string;
  notification_id: string;
  channel: Channel;
  provider: string;
  providers?: string[] | null;
  recipient?: string | null;
  recipient_country: string;
  template_type: Template;
  payload_size: number;
  created_at: string;
  send_time: string;
  expires_at?: string | null;
  previous_attempts: number;
  last_status: Status;
  response_code?: number | null;
  latency_ms?: number | null;
  last_attempt_at?: string | null;
}

export interface Action {
  provider: string;
  delay_ms: number;
  probability: number;
  utility: number;
  propensity: number;
}

export interface Reason {
  feature: string;
  value: string;
  log_odds: number;
}

export interface RunnerUp {
  provider: string;
  delay_ms: number;
  probability: number;
  utility: number;
  points_behind: number;
}

export type Degradation = "model" | "broker" | "database";

export interface Prediction {
  decision_id: string;
  job_id: string;
  notification_id: string;
  decided_at: string;
  action: ActionKind;
  probability: number | null;
  priority: Priority;
  delay_ms: number;
  provider: string;
  model: string;
  policy: string;
  reason: DecisionReason;
  propensity: number;
  actions: Action[];
  chosen: number | null;
  sentence?: string;
  reasons?: Reason[];
  attribution?: "path" | "tree_shap";
  base_log_odds?: number;
  runner_up?: RunnerUp | null;
  degraded: Degradation[];
}

// GET /health/ready

export interface Ready {
  status: "ready" | "degraded";
  degraded: Degradation[];
}

// GET /metrics

export interface Figure {
  value: number;
  lower: number | null;
  upper: number | null;
}

export type FigureName = "precision" | "recall" | "f1" | "auc" | "pr_auc" | "log_loss" | "brier" | "ece" | "base_rate";
export type PerformanceFigures = Record<FigureName, Figure | null>;

export interface PerformanceCounts {
  decisions: number;
  matured: number;
  delivered: number;
  pending: number;
  unknown: number;
  superseded: number;
}

/** Attempts of about the same probability and what became of them, with the 95 % score interval (Wilson) of the observed share. */
export interface ReliabilityBin {
  /** Mean probability. */
  predicted: number;
  observed: number;
  lower: number;
  upper: number;
  rows: number;
}

export interface PerformanceWindow {
  from: string;
  until: string;
  truncated: boolean;
  counts: PerformanceCounts;
  figures: PerformanceFigures;
  /** Ascending; empty where too little has matured. */
  reliability?: ReliabilityBin[];
}

export interface PerformanceStep {
  from: string;
  until: string;
  counts: PerformanceCounts;
  figures: Pick<PerformanceFigures, "auc" | "log_loss" | "ece" | "base_rate">;
}

/** A window in steps, oldest first; steps without a decision are left out. */
export interface PerformanceSeries {
  step_s: number;
  points: PerformanceStep[];
}

export type WindowName = "1h" | "24h" | "7d";

export interface PerformanceSegment {
  group: string;
  counts: PerformanceCounts;
  figures: PerformanceFigures;
}

export interface Performance {
  model: { version: string; threshold: number } | null;
  generated_at: string | null;
  maturity_s: number | null;
  intervals: { level: number; method: string; resamples: number; seed: number } | null;
  windows: Record<WindowName, PerformanceWindow | null>;
  series?: Record<WindowName, PerformanceSeries>;
  segments: { window: "7d"; by: Record<"channel" | "provider" | "template_type" | "country", PerformanceSegment[]> };
  degraded: ("database" | "pending" | "model")[];
}

// GET /queues

export interface HealthWindow {
  success_rate: number | null;
  throttle_rate: number | null;
  outcomes: number;
  latency_ms: number | null;
}

export type QueueKind = "jobs" | "dispatch" | "retry" | "outcomes_log" | "outcomes_recent" | "undeliverable" | "quarantine" | "spool";

export interface Queue {
  name: string;
  kind: QueueKind;
  priority: Priority | null;
  delay: string | null;
  depth: number | null;
  unacknowledged: number | null;
  consumers: number | null;
  age_s: number | null;
  publish_per_s: number | null;
  deliver_per_s: number | null;
  ack_per_s: number | null;
  net_per_s: number | null;
  window_s: number | null;
}

export interface QueueTotals {
  depth: number | null;
  jobs: number | null;
  dispatch: number | null;
  retry: number | null;
  quarantine: number | null;
}

export type BreakerState = "closed" | "open" | "half_open";

export interface Route {
  provider: string;
  /** null = the provider as a whole. */
  country: string | null;
  short: HealthWindow;
  long: HealthWindow;
  since_success_s: number | null;
  breaker: BreakerState | null;
  admitted_share: number | null;
  opened_at: string | null;
  half_open_at: string | null;
  price: number | null;
  capacity_per_s: number | null;
}

export interface Destination {
  channel: Channel;
  country: string;
  short: HealthWindow;
  long: HealthWindow;
}

export interface Queues {
  at: string;
  degraded: ("broker" | "management" | "live_health")[];
  sampled_at: string | null;
  rates_from: "management" | "samples";
  totals: QueueTotals;
  queues: Queue[];
  routes: Route[];
  routes_total: number;
  destinations: Destination[];
  destinations_total: number;
}

// GET /quarantine

export interface QuarantinedMessage {
  id: string;
  reason: string;
  detail: string | null;
  field: string | null;
  queue: string | null;
  at: string | null;
  message_id: string | null;
  content_type: string | null;
  size: number;
  requeued: number;
  requeueable: boolean;
  body: string | null;
  body_form: "text" | "base64" | null;
  truncated: boolean;
  hidden: boolean;
}

export interface QuarantineList {
  depth: number;
  reach: number;
  messages: QuarantinedMessage[];
  next: string | null;
}

export type QuarantineOrder = { ids: string[]; reason?: string } | { all: true; reason?: string };

export interface QuarantineMove {
  moved: number;
  moved_ids: string[];
  failed: number;
  failures: { id: string; reason: string }[];
  missing: string[];
  remaining: number;
  complete: boolean;
  error: string | null;
  audited: boolean;
}

// GET /predictions

export interface PredictionOutcome {
  status: Status;
  provider: string;
  response_code: number | null;
  latency_ms: number | null;
  attempted_at: string;
  occurred_at: string;
}

export interface PredictionEntry {
  decision_id: string;
  job_id: string;
  notification_id: string;
  decided_at: string;
  source: Source;
  channel: Channel;
  provider: string;
  country: string;
  template: Template;
  action: ActionKind;
  priority: Priority;
  reason: DecisionReason;
  probability: number | null;
  delay_ms: number;
  propensity: number;
  model: string;
  policy: string;
  previous_attempts: number;
  outcome: OutcomeState;
  outcomes: PredictionOutcome[];
}

export interface PredictionPage {
  predictions: PredictionEntry[];
  next: string | null;
  searched_to: string | null;
}

export interface DecisionConditions {
  routes: {
    breaker: string;
    admitted_share: number;
    admitted: boolean;
    closed_for_ms: number;
    price: number;
    retry_budget: boolean;
    free_in_ms: number;
  }[];
  retry_budget: boolean;
  priority: Record<string, unknown>;
}

export interface DecisionExplanation {
  sentence: string;
  reason: DecisionReason;
  method?: "tree_shap" | "path";
  base?: number;
  contributions: { name: string; value: string; log_odds: number }[];
  runner_up?: RunnerUp;
}

export interface PredictionDetail extends PredictionEntry {
  job: {
    provider: string;
    providers: string[];
    payload_size: number;
    created_at: string;
    send_time: string;
    expires_at: string | null;
    last_status: Status;
    response_code: number | null;
    latency_ms: number | null;
    last_attempt_at: string | null;
  };
  actions: { provider: string; delay_ms: number; probability: number | null; utility: number | null; propensity: number; chosen: boolean }[];
  features: { name: string; value: number | null }[] | null;
  schema: string | null;
  conditions: DecisionConditions | null;
  explanation: DecisionExplanation;
  history: PredictionEntry[];
  history_complete: boolean;
}

// GET /decisions/summary

export interface ShareInterval {
  value: number;
  low: number;
  high: number;
}

export interface DeliveryFigures {
  decisions: number;
  attempts: number;
  examined: number;
  known: number;
  delivered_share: ShareInterval | null;
  on_time_share: ShareInterval | null;
  median_time_to_delivery_s: number | null;
  cost_per_delivery: number | null;
}

export interface SummaryBucket {
  at: string;
  decisions: number;
  actions: Record<ActionKind, number>;
  priorities: Record<Priority, number>;
  channels: Record<Channel, number>;
}

export interface DecisionSummary {
  from: string;
  to: string;
  step_s: number;
  buckets: SummaryBucket[];
  period: DeliveryFigures;
  day_before: DeliveryFigures;
}

// GET /models

export interface ModelMetric {
  value: number;
  lower: number | null;
  upper: number | null;
}

export type Alias = "champion" | "challenger";

export interface ModelSummary {
  version: string;
  aliases: Alias[];
  created_at: string | null;
  parent: string | null;
  metrics: Record<string, ModelMetric>;
  data: { source: string; rows: number; from: string; to: string } | null;
  bytes: number | null;
  places: ("mongodb" | "disk")[];
  problem: string | null;
}

export interface ModelEvent {
  at: string;
  by: string;
  kind: string;
  alias: Alias | null;
  from: string | null;
  to: string;
  reason: string;
  forced: boolean;
}

export interface ModelManifest {
  format_version: number;
  model_version: string;
  created_at: string;
  parent_version?: string;
  schema: Record<string, unknown>;
  calibration?: Record<string, unknown>;
  policy?: Record<string, unknown>;
  metrics: Record<string, ModelMetric>;
  baselines?: Record<string, Record<string, ModelMetric>>;
  data: Record<string, unknown>;
  training?: Record<string, unknown>;
  assessment?: Record<string, unknown>;
  reference?: Record<string, unknown>;
  files: { name: string; bytes: number; sha256: string }[];
}

export interface ModelDetail {
  version: string;
  aliases: Alias[];
  bytes: number;
  manifest: ModelManifest;
  history: ModelEvent[];
}

export interface ModelChange {
  version: string;
  event: ModelEvent;
  finding: string | null;
  notes: string[];
}

// /train

export interface TrainingOrder {
  from: string;
  since?: string | null;
  until?: string | null;
  challenger?: boolean | null;
  version?: string | null;
  reason?: string | null;
  trees?: number | null;
  patience?: number | null;
  max_depth?: number | null;
  eta?: number | null;
  seed?: number | null;
  resamples?: number | null;
  tune?: boolean | null;
  trials?: number | null;
}

export type RunState = "queued" | "running" | "succeeded" | "failed" | "cancelled";

export interface TrainingRunSummary {
  run: string;
  by: string;
  source: string;
  state: RunState;
  started_at: string;
  updated_at: string;
  ended_at: string | null;
  progress: { phase: string; percent: number; done: number } | null;
  version: string | null;
  error: string | null;
}

export interface TrainingRun extends TrainingRunSummary {
  log: string[];
}

// GET /events

export type EventKind = "decision" | "outcome" | "queues" | "model" | "health";

export interface DecisionEvent {
  id: string;
  job_id: string;
  notification_id: string;
  decided_at: string;
  source: Source;
  channel: Channel;
  provider: string;
  recipient_country: string;
  template_type: Template;
  action: ActionKind;
  priority: Priority;
  reason: DecisionReason;
  probability: number | null;
  delay_ms: number;
  model: string;
  policy: string;
}

export interface OutcomeEvent {
  job_id: string;
  notification_id: string;
  attempted_at: string;
  occurred_at: string;
  channel: Channel;
  provider: string;
  recipient_country: string;
  template_type: Template;
  status: Status;
  response_code: number | null;
  latency_ms: number | null;
}

export interface HealthEvent {
  at: string;
  /** null = not known yet. */
  broker: boolean | null;
  database: boolean | null;
}
