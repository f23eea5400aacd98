internal import Scoring

extension ModelEvent {
    /// Writes the document of the collection `model_events`; docs/README.md describes its fields.
    package func write(to writer: inout DocumentWriter) {
        writer.begin()
        writer.string("_id", id)
        writer.date("at", at.milliseconds)
        writer.string("by", by)
        writer.string("kind", kind.rawValue)
        if let place {
            writer.string("alias", place.alias.rawValue)
            writer.int64("number", Int64(place.number))
        }
        if let from { writer.string("from", from) }
        writer.string("to", to)
        writer.string("reason", reason)
        writer.bool("forced", isForced)
        writer.string("token", token)
        writer.end()
    }

    /// The entry as it was written.
    package init(_ document: Document) throws(StoreError) {
        let fields = DocumentFields(document, name: "model event \(document["_id"]?.string ?? "without an id")")
        var place: Place?
        if let alias = try fields.optionalWord("alias", ModelAlias.self) {
            place = Place(alias: alias, number: try fields.integer("number"))
        }
        try self.init(
            id: fields.text("_id"), at: fields.time("at"), by: fields.text("by"), kind: Kind(rawValue: fields.text("kind")), place: place,
            from: fields.optionalText("from"), to: fields.text("to"), reason: fields.text("reason"), isForced: fields.flag("forced"),
            token: fields.text("token"))
    }
}
