package import Scoring

/// Changes of the aliases.
extension Registry {
    /// Who changes an alias, and why.
    package struct Order: Sendable {
        package var by: String
        package var at: Timestamp
        package var reason: String?
        /// Whether a worse evaluation, or one that cannot be compared, is no obstacle; a broken artifact always is.
        package var isForced: Bool

        package init(by: String, at: Timestamp, reason: String? = nil, isForced: Bool = false) {
            self.by = by
            self.at = at
            self.reason = reason
            self.isForced = isForced
        }
    }

    /// What came of an order.
    package struct Change: Sendable {
        package var event: ModelEvent
        /// What the review of the evaluations found, where there was one.
        package var review: PromotionReview?
        /// Versions that were passed over, with the reason, and what could not be mirrored; a sentence each.
        package var notes: [String] = []
    }

    /// Makes a version the champion.
    ///
    /// Its artifact is checked to the last byte first, and registered where it is not yet. Refusals are written to the history.
    ///
    /// - Throws: `RegistryError.refused` with the figures where its evaluation is worse than the champion's beyond its interval or cannot
    ///   be compared, unless forced; `.conflict` where somebody else changed the champion meanwhile; `ModelError` for a broken artifact.
    package func promote(_ version: String, _ order: Order) throws -> Change {
        let timeline = try settle(.champion, order)
        let champion = try standing(of: .champion)?.version
        guard champion != version else { throw RegistryError(.unchanged, "\(version) is the champion already") }
        let candidate = try examine(version, from: champion, order)
        let review = try review(candidate, champion: champion)
        guard order.isForced || review.verdict == .accepted else {
            try note(.refused, version, from: champion, review.finding, order)
            throw RegistryError(.refused, review.finding)
        }
        let event = ModelEvent(
            .promoted, timeline.next, from: champion, to: version, isForced: order.isForced && review.verdict != .accepted, by: order.by,
            at: order.at, reason: order.reason.map { "\($0) (\(review.finding))" } ?? review.finding)
        return try carryOut(event, review: review)
    }

    /// Makes the champion before the present one the champion again; a version that is missing or broken is passed over.
    package func rollBack(_ order: Order) throws -> Change {
        let timeline = try settle(.champion, order)
        guard let champion = try standing(of: .champion)?.version else { throw RegistryError(.notFound, "there is no champion") }
        var notes: [String] = []
        for version in timeline.earlier where version != champion {
            do {
                _ = try examine(version, from: champion, order)
            } catch let error as StoreError {
                throw error
            } catch {
                notes.append("passed over \(version): \(error)")
                continue
            }
            let event = ModelEvent(
                .rolledBack, timeline.next, from: champion, to: version, by: order.by, at: order.at,
                reason: order.reason ?? "rolled back from \(champion)")
            var change = try carryOut(event, review: nil)
            change.notes = notes + change.notes
            return change
        }
        let passed = notes.isEmpty ? "" : "; " + notes.joined(separator: "; ")
        throw RegistryError(.notFound, "there is no champion before \(champion) to go back to\(passed)")
    }

    /// Makes a version the challenger; its evaluation is not asked, its artifact is checked.
    package func challenge(_ version: String, _ order: Order) throws -> Change {
        let timeline = try settle(.challenger, order)
        let challenger = try standing(of: .challenger)?.version
        guard challenger != version else { throw RegistryError(.unchanged, "\(version) is the challenger already") }
        _ = try examine(version, from: challenger, order)
        let event = ModelEvent(
            .challenged, timeline.next, from: challenger, to: version, by: order.by, at: order.at,
            reason: order.reason ?? "to be compared with the champion")
        return try carryOut(event, review: nil)
    }

    /// Writes down that a scorer would not take what an alias stands for; once for each change of the alias, however many scorers say it.
    package func noteRefusal(
        of standing: Standing, as alias: ModelAlias, keeping version: String, because reason: String, by: String, at now: Timestamp
    ) throws {
        let occasion = "refused/\(standing.isInDatabase ? standing.token : Checksum.sha256(Array(standing.token.utf8)))"
        _ = try history.append(
            ModelEvent(
                .refused, occasion: occasion, from: version == "none" ? nil : version, to: standing.version, by: by, at: now, reason: reason
            ))
    }

    /// The evaluation of a version's artifact, which must be whole; with a database it is registered afterwards.
    private func examine(_ version: String, from current: String?, _ order: Order) throws -> ModelEvaluation {
        try checkName(version)
        do {
            guard let database else {
                try register(version, by: order.by, at: order.at)
                return try evaluation(onDisk: version)
            }
            guard let record = try database.model(version) else {
                guard folder.holds(version) else {
                    throw RegistryError(.notFound, "there is no model \(version), neither in MongoDB nor as \(folder.path)/\(version)")
                }
                try register(version, by: order.by, at: order.at)
                return try evaluation(onDisk: version)
            }
            try database.verify(record)
            let (manifest, bytes) = try database.manifest(record)
            return ModelEvaluation(manifest, json: bytes)
        } catch let error as ModelError {
            try note(.refused, version, from: current, "its artifact is broken: \(error)", order)
            throw error
        } catch let error as RegistryError where error.code == .damaged {
            try note(.refused, version, from: current, "its artifact is broken: \(error)", order)
            throw error
        }
    }

    private func evaluation(onDisk version: String) throws -> ModelEvaluation {
        let bytes = try folder.artifact(version).manifestBytes()
        return ModelEvaluation(try Manifest(json: bytes), json: bytes)
    }

    private func review(_ candidate: ModelEvaluation, champion: String?) throws -> PromotionReview {
        guard let champion else { return PromotionReview(of: candidate, against: nil) }
        do {
            if let database, let record = try database.model(champion) {
                let (manifest, bytes) = try database.manifest(record)
                return PromotionReview(of: candidate, against: ModelEvaluation(manifest, json: bytes))
            }
            return PromotionReview(of: candidate, against: try evaluation(onDisk: champion))
        } catch let error as StoreError {
            throw error
        } catch {
            return PromotionReview(.incomparable, "the champion \(champion) cannot be read, so nothing can be compared with it (\(error))")
        }
    }

    /// The alias's changes, after those that the history did not know of were taken over.
    private func settle(_ alias: ModelAlias, _ order: Order) throws -> AliasTimeline {
        let timeline = try timeline(of: alias)
        // With a database the link only counts until there is a first entry.
        guard let linked = folder.version(of: alias), linked != timeline.current, database == nil || timeline.current == nil else {
            return timeline
        }
        do {
            if database != nil { try register(linked, by: order.by, at: order.at) }
        } catch let error as StoreError {
            throw error
        } catch {
            // What is broken cannot be gone back to either.
            return timeline
        }
        let event = ModelEvent(
            .imported, timeline.next, from: timeline.current, to: linked, by: order.by, at: order.at,
            reason: "\(folder.link(alias)) was found to point to it")
        guard try history.append(event) else { throw conflict(alias) }
        return AliasTimeline(alias, timeline.events + [event])
    }

    /// Appends the event, which is the change, and lets `models/` follow.
    private func carryOut(_ event: ModelEvent, review: PromotionReview?) throws -> Change {
        guard let alias = event.place?.alias else { preconditionFailure("only a change of an alias is carried out") }
        guard try history.append(event) else { throw conflict(alias) }
        var change = Change(event: event, review: review)
        do {
            try mirror(alias)
        } catch {
            change.notes.append("\(folder.path) does not follow yet: \(error)")
        }
        return change
    }

    private func conflict(_ alias: ModelAlias) -> RegistryError {
        // For the words alone: the conflict is certain, whether or not the registry answers again.
        let newest = (try? timeline(of: alias))?.events.last
        let now = newest.map { "now it is \($0.to), by \($0.by) at \($0.at.rfc3339)" } ?? "look at it"
        return RegistryError(
            .conflict, "somebody else changed the \(alias.rawValue) at the same time: \(now); nothing was changed, try again")
    }

    private func note(_ kind: ModelEvent.Kind, _ version: String, from: String?, _ reason: String, _ order: Order) throws {
        _ = try history.append(ModelEvent(kind, from: from, to: version, by: order.by, at: order.at, reason: reason))
    }
}
