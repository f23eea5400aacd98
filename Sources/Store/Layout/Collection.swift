internal import Scoring

/// The collections that Herald owns.
package enum Collection: String, CaseIterable, Sendable {
    case decisions
    case outcomes
    /// Feature names by schema fingerprint, stored once instead of in each decision.
    case schemas

    /// The view of `decisions` with features and actions by name.
    package static let decisionsNamed = "decisions_named"

    /// An index: its key as JSON, and whether documents expire by it.
    struct Index {
        var name: String
        var key: String
        var expires = false
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
                // Channel and action are closed vocabularies: a query that leaves one open lists its three words and still walks this
                // index in time order. So one index serves every combination of the three filters.
                Index(name: "channel_provider_action", key: #"{"channel": 1, "provider": 1, "action": 1, "decided_at": 1}"#),
            ]
        case .outcomes:
            [
                Index(name: "occurred_at", key: #"{"occurred_at": 1}"#, expires: true),
                Index(name: "notification_id", key: #"{"notification_id": 1, "occurred_at": 1}"#),
                Index(name: "job_id", key: #"{"job_id": 1, "occurred_at": 1}"#),
            ]
        case .schemas:
            []
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
           "chosen": {"bsonType": "int", "minimum": 0},
           "actions": {"bsonType": "object", "required": ["delay_ms", "provider", "probability", "utility"]},
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

    /// The pipeline of `decisions_named`: the feature row as `{name: value}`, the action set as rows with the provider's name.
    ///
    /// A decision whose schema is not in `schemas` has an empty feature document. Filters on stored fields use the indexes of
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
             "utility": {"$arrayElemAt": ["$actions.utility", "$$i"]}}}}}},
         {"$unset": "schema_names"}]
        """
}
