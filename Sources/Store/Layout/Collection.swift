internal import Scoring

/// The collections that Herald owns.
package enum Collection: String, CaseIterable, Sendable {
    case decisions
    case outcomes
    /// Feature names by schema fingerprint, stored once instead of in each decision.
    case schemas
    /// Registered model versions; their files are in `model_files`.
    case models
    /// Files of model versions in pieces, by checksum.
    case modelFiles = "model_files"
    /// The models' history: only ever appended to, and the truth about what champion and challenger are.
    case modelEvents = "model_events"
    case trainingRuns = "training_runs"
    /// The last state of live health, one document for each set of queues.
    case liveHealth = "live_health"
    /// Who moved which messages, and why: only ever appended to, and never expires.
    case audit

    /// The view of `decisions` with features and actions by name.
    package static let decisionsNamed = "decisions_named"

    /// An index: its key as JSON, and whether documents expire by it.
    struct Index {
        var name: String
        var key: String
        var expires = false
        /// Further options as members of a JSON object; empty = none.
        var options = ""
    }

    /// One index for each query to come.
    ///
    /// `_id` has its own.
    var indexes: [Index] {
        switch self {
        case .decisions:
            [
                // Also gives the newest first: an index reads both ways.
                Index(name: "decided_at", key: #"{"decided_at": 1}"#, expires: true),
                Index(name: "notification_id", key: #"{"notification_id": 1, "decided_at": 1}"#),
                Index(name: "job_id", key: #"{"job_id": 1, "decided_at": 1}"#),
                // Every field that a search can ask for: only what matches is read from the collection. See `Database.decisionPage`.
                Index(
                    name: "filters",
                    key: """
                        {"decided_at": 1, "_id": 1, "channel": 1, "provider": 1, "recipient_country": 1, "template_type": 1, "action": 1,
                         "priority": 1, "reason": 1, "model": 1, "policy": 1, "source": 1}
                        """),
                // For what is rare: a search for it would otherwise walk past everything else.
                Index(name: "reason", key: #"{"reason": 1, "decided_at": 1, "_id": 1}"#),
                Index(name: "model", key: #"{"model": 1, "decided_at": 1, "_id": 1}"#),
            ]
        case .outcomes:
            [
                Index(name: "occurred_at", key: #"{"occurred_at": 1}"#, expires: true),
                Index(name: "notification_id", key: #"{"notification_id": 1, "occurred_at": 1}"#),
                Index(name: "job_id", key: #"{"job_id": 1, "occurred_at": 1}"#),
            ]
        case .schemas, .modelFiles, .liveHealth:
            []
        case .models:
            [Index(name: "created_at", key: #"{"created_at": 1, "_id": 1}"#)]
        case .modelEvents:
            [
                Index(name: "at", key: #"{"at": 1, "_id": 1}"#),
                Index(name: "alias_number", key: #"{"alias": 1, "number": 1, "_id": 1}"#),
            ]
        case .audit:
            [Index(name: "at", key: #"{"at": 1}"#)]
        case .trainingRuns:
            [
                Index(name: "started_at", key: #"{"started_at": 1}"#, expires: true),
                // One run at a time holds the slot, and only runs that do are in this index.
                Index(
                    name: "slot", key: #"{"slot": 1}"#, options: #""unique": true, "partialFilterExpression": {"slot": {"$exists": true}}"#),
            ]
        }
    }

    /// Indexes that earlier versions made and nothing uses any more.
    var retiredIndexes: [String] {
        switch self {
        case .decisions: ["channel_provider_action"]
        case .outcomes, .schemas, .models, .modelFiles, .modelEvents, .trainingRuns, .liveHealth, .audit: []
        }
    }

    /// The JSON schema that the server holds each document against.
    ///
    /// Only vocabularies that can never grow are listed: while versions are mixed, the older one must not narrow what the newer one
    /// writes. The arrays' elements are not described: that would cost the server about as much again as all the rest.
    var schema: String {
        switch self {
        case .decisions: Self.decisionsSchema
        case .outcomes: Self.outcomesSchema
        case .schemas:
            """
            {"bsonType": "object", "required": ["_id", "features"], "properties": {
              "_id": {"bsonType": "string", "minLength": 1},
              "features": {"bsonType": "array", "items": {"bsonType": "string"}, "uniqueItems": true}}}
            """
        case .models: Self.modelsSchema
        case .modelFiles:
            """
            {"bsonType": "object", "required": ["_id", "file", "number", "data"], "properties": {
              "_id": {"bsonType": "string", "minLength": 66},
              "file": {"bsonType": "string", "minLength": 64, "maxLength": 64},
              "number": {"bsonType": "long", "minimum": 0},
              "data": {"bsonType": "binData"}}}
            """
        case .modelEvents: Self.modelEventsSchema
        case .trainingRuns: Self.trainingRunsSchema
        case .liveHealth:
            """
            {"bsonType": "object", "required": ["_id", "advanced_to", "snapshot"], "properties": {
              "_id": {"bsonType": "string", "minLength": 1, "maxLength": 128},
              "advanced_to": {"bsonType": "date"},
              "snapshot": {"bsonType": "binData"}}}
            """
        case .audit: Self.auditSchema
        }
    }

    private static let identifier = #"{"bsonType": "string", "minLength": 1, "maxLength": 128}"#
    private static let country = #"{"bsonType": "string", "minLength": 2, "maxLength": 2}"#

    private static func words<Word: CaseIterable & RawRepresentable>(_: Word.Type) -> String where Word.RawValue == String {
        "{\"enum\": [" + Word.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ") + "]}"
    }

    private static let decisionsSchema = """
        {"bsonType": "object",
         "required": ["_id", "job_id", "notification_id", "decided_at", "source", "channel", "provider", "recipient_country",
           "template_type", "action", "priority", "reason", "delay_ms", "propensity", "model", "policy", "actions", "features", "job"],
         "properties": {
           "_id": {"bsonType": "string", "minLength": 32, "maxLength": 32},
           "job_id": \(identifier),
           "notification_id": \(identifier),
           "decided_at": {"bsonType": "date"},
           "source": \(words(DecisionSource.self)),
           "channel": \(words(Channel.self)),
           "provider": {"bsonType": "string"},
           "recipient_country": \(country),
           "template_type": \(words(TemplateType.self)),
           "recipient_hash": {"bsonType": "string"},
           "action": \(words(DecisionKind.self)),
           "priority": \(words(Priority.self)),
           "reason": {"bsonType": "string"},
           "probability": {"bsonType": "double", "minimum": 0, "maximum": 1},
           "delay_ms": {"bsonType": "long", "minimum": 0},
           "propensity": {"bsonType": "double", "minimum": 0, "exclusiveMinimum": true, "maximum": 1},
           "model": {"bsonType": "string"},
           "policy": {"bsonType": "string"},
           "parameters": {"bsonType": "string"},
           "chosen": {"bsonType": "int", "minimum": 0},
           "actions": {"bsonType": "object", "required": ["delay_ms", "provider", "probability", "utility"]},
           "conditions": {"bsonType": "object", "required": ["high_loss_per_s", "low_loss_per_s", "retry_budget", "routes"]},
           "schema": {"bsonType": "string"},
           "features": {"bsonType": "array"},
           "job": {"bsonType": "object", "required": ["provider", "providers", "payload_size", "created_at", "send_time",
             "previous_attempts", "last_status"]}}}
        """

    private static let outcomesSchema = """
        {"bsonType": "object",
         "required": ["_id", "job_id", "notification_id", "occurred_at", "attempted_at", "status", "channel", "provider",
           "recipient_country", "template_type"],
         "properties": {
           "_id": {"bsonType": "object", "required": ["job_id", "status", "occurred_at"]},
           "job_id": \(identifier),
           "notification_id": \(identifier),
           "occurred_at": {"bsonType": "date"},
           "attempted_at": {"bsonType": "date"},
           "status": {"bsonType": "string", "minLength": 1},
           "channel": \(words(Channel.self)),
           "provider": {"bsonType": "string"},
           "recipient_country": \(country),
           "template_type": \(words(TemplateType.self)),
           "response_code": {"bsonType": "long"},
           "latency_ms": {"bsonType": "double", "minimum": 0}}}
        """

    private static let version = #"{"bsonType": "string", "minLength": 1, "maxLength": 64}"#

    private static let modelsSchema = """
        {"bsonType": "object",
         "required": ["_id", "registered_at", "registered_by", "created_at", "schema", "metrics", "files"],
         "properties": {
           "_id": \(version),
           "registered_at": {"bsonType": "date"},
           "registered_by": {"bsonType": "string"},
           "created_at": {"bsonType": "date"},
           "parent": \(version),
           "schema": {"bsonType": "string", "minLength": 64, "maxLength": 64},
           "metrics": {"bsonType": "array", "items": {"bsonType": "object", "required": ["name", "value"], "properties": {
             "name": {"bsonType": "string"}, "value": {"bsonType": "double"}, "lower": {"bsonType": "double"},
             "upper": {"bsonType": "double"}}}},
           "files": {"bsonType": "array", "minItems": 1, "items": {"bsonType": "object", "required": ["name", "bytes", "sha256"],
             "properties": {"name": {"bsonType": "string", "minLength": 1}, "bytes": {"bsonType": "long", "minimum": 0},
               "sha256": {"bsonType": "string", "minLength": 64, "maxLength": 64}}}}}}
        """

    /// The kinds of event are not listed: their vocabulary grows.
    private static let modelEventsSchema = """
        {"bsonType": "object",
         "required": ["_id", "at", "by", "kind", "to", "reason", "forced", "token"],
         "properties": {
           "_id": {"bsonType": "string", "minLength": 1},
           "at": {"bsonType": "date"},
           "by": {"bsonType": "string", "minLength": 1},
           "kind": {"bsonType": "string", "minLength": 1},
           "alias": {"enum": ["champion", "challenger"]},
           "number": {"bsonType": "long", "minimum": 1},
           "from": \(version),
           "to": \(version),
           "reason": {"bsonType": "string"},
           "forced": {"bsonType": "bool"},
           "token": {"bsonType": "string"}},
         "dependencies": {"alias": ["number"], "number": ["alias"]}}
        """

    /// The kinds of action and result are not listed: their vocabularies grow.
    private static let auditSchema = """
        {"bsonType": "object",
         "required": ["_id", "at", "who", "action", "queue", "count", "ids", "result", "request_id"],
         "properties": {
           "_id": \(identifier),
           "at": {"bsonType": "date"},
           "who": \(identifier),
           "action": {"bsonType": "string", "minLength": 1},
           "queue": {"bsonType": "string", "minLength": 1},
           "count": {"bsonType": "long", "minimum": 0},
           "ids": {"bsonType": "array", "items": {"bsonType": "string"}},
           "reason": {"bsonType": "string"},
           "result": {"bsonType": "string", "minLength": 1},
           "detail": {"bsonType": "string"},
           "request_id": {"bsonType": "string"}}}
        """

    private static let trainingRunsSchema = """
        {"bsonType": "object",
         "required": ["_id", "by", "source", "started_at", "updated_at", "state"],
         "properties": {
           "_id": \(identifier),
           "by": {"bsonType": "string", "minLength": 1},
           "source": {"bsonType": "string"},
           "started_at": {"bsonType": "date"},
           "updated_at": {"bsonType": "date"},
           "ended_at": {"bsonType": "date"},
           "state": \(words(TrainingRun.State.self)),
           "phase": {"bsonType": "string"},
           "share": {"bsonType": "double", "minimum": 0, "maximum": 1},
           "done": {"bsonType": "long", "minimum": 0},
           "version": \(version),
           "error": {"bsonType": "string"},
           "log": {"bsonType": "string"},
           "slot": {"bsonType": "string"},
           "holder": {"bsonType": "string"}}}
        """

    /// The pipeline of `decisions_named`: the feature row as `{name: value}`, the action set as rows with the provider's name.
    ///
    /// A decision whose schema is not in `schemas` has an empty feature document. Where chance had no say, the chosen action has all of the
    /// propensity. Filters on stored fields use the indexes of
    /// `decisions`; a sort does not get past the lookup, so a query without a filter walks the whole collection.
    static let decisionsNamedPipeline = """
        [{"$lookup": {"from": "schemas", "localField": "schema", "foreignField": "_id", "as": "schema_names"}},
         {"$set": {
           "features": {"$arrayToObject": {"$zip": {"inputs": [
             {"$ifNull": [{"$first": "$schema_names.features"}, []]}, "$features"]}}},
           "actions": {"$map": {"input": {"$range": [0, {"$size": "$actions.delay_ms"}]}, "as": "i", "in": {
             "delay_ms": {"$arrayElemAt": ["$actions.delay_ms", "$$i"]},
             "provider": {"$arrayElemAt": ["$job.providers", {"$arrayElemAt": ["$actions.provider", "$$i"]}]},
             "probability": {"$arrayElemAt": ["$actions.probability", "$$i"]},
             "utility": {"$arrayElemAt": ["$actions.utility", "$$i"]},
             "propensity": {"$cond": [{"$isArray": "$actions.propensity"}, {"$arrayElemAt": ["$actions.propensity", "$$i"]},
               {"$cond": [{"$eq": ["$$i", "$chosen"]}, "$propensity", 0.0]}]}}}}}},
         {"$unset": "schema_names"}]
        """
}
