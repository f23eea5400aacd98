package import Scoring

/// An entry of the models' history: who, when, why, from what to what.
///
/// The history is only ever appended to, and it *is* the registry's truth about aliases in MongoDB: an alias stands for the version that
/// its newest entry names. One document is one atomic write, so no alias can change without its entry, and two people who change one at
/// once want to write the same id, which only one of them can.
package struct ModelEvent: Equatable, Sendable {
    /// What happened; a history that a later version has written may hold words that this one does not know.
    package struct Kind: RawRepresentable, Codable, Hashable, Sendable {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The artifact was checked and stored.
        package static let registered = Kind(rawValue: "registered")
        /// A version became the challenger.
        package static let challenged = Kind(rawValue: "challenged")
        /// A version became the champion.
        package static let promoted = Kind(rawValue: "promoted")
        /// An earlier champion became the champion again.
        package static let rolledBack = Kind(rawValue: "rolled_back")
        /// An alias was found to stand for a version that the history did not know of, and was taken over as it is.
        package static let imported = Kind(rawValue: "imported")
        /// A version was not taken: its evaluation is worse, or its artifact is broken.
        package static let refused = Kind(rawValue: "refused")
        /// Monitoring has something to say of a version.
        package static let alert = Kind(rawValue: "alert")
    }

    /// The place of an entry in the changes of one alias.
    package struct Place: Equatable, Sendable {
        package var alias: ModelAlias
        /// From 1, without gaps.
        package var number: Int

        package init(alias: ModelAlias, number: Int) {
            self.alias = alias
            self.number = number
        }
    }

    /// Unique; that of an alias's change is made of its place, such as `champion/7`.
    package let id: String
    package let at: Timestamp
    /// Name of the user or the part of Herald that did it.
    package let by: String
    package let kind: Kind
    /// For changes of an alias.
    package let place: Place?
    /// The version before; `nil` where there was none.
    package let from: String?
    /// The version that it is about.
    package let to: String
    /// Why, in a sentence.
    package let reason: String
    /// Whether a refusal was overridden.
    package let isForced: Bool
    /// Random: tells whether an entry that is there already is one's own, written by a try whose answer was lost.
    let token: String

    /// Longest `by` and `reason` that are kept, in characters.
    private static let longestName = 128
    private static let longestReason = 2000

    /// A change of an alias.
    package init(_ kind: Kind, _ place: Place, from: String?, to: String, isForced: Bool = false, by: String, at: Timestamp, reason: String)
    {
        self.init(
            id: "\(place.alias.rawValue)/\(place.number)", kind, place: place, from: from, to: to, isForced: isForced, by: by, at: at,
            reason: reason)
    }

    /// Anything else.
    ///
    /// - Parameter occasion: what can happen once, such as `registered/v7`: a second entry of it is not taken. `nil` = each is.
    package init(_ kind: Kind, occasion: String? = nil, from: String? = nil, to: String, by: String, at: Timestamp, reason: String) {
        let id = occasion ?? "\(kind.rawValue)/\(to)/\(Self.randomToken())"
        self.init(id: id, kind, place: nil, from: from, to: to, isForced: false, by: by, at: at, reason: reason)
    }

    private init(
        id: String, _ kind: Kind, place: Place?, from: String?, to: String, isForced: Bool, by: String, at: Timestamp, reason: String
    ) {
        self.id = id
        self.at = at
        self.by = String(by.prefix(Self.longestName))
        self.kind = kind
        self.place = place
        self.from = from
        self.to = to
        self.reason = String(reason.prefix(Self.longestReason))
        self.isForced = isForced
        token = Self.randomToken()
    }

    init(
        id: String, at: Timestamp, by: String, kind: Kind, place: Place?, from: String?, to: String, reason: String, isForced: Bool,
        token: String
    ) {
        self.id = id
        self.at = at
        self.by = by
        self.kind = kind
        self.place = place
        self.from = from
        self.to = to
        self.reason = reason
        self.isForced = isForced
        self.token = token
    }

    private static func randomToken() -> String {
        String(UInt64.random(in: 0...(.max)), radix: 36) + String(UInt64.random(in: 0...(.max)), radix: 36)
    }
}

/// As a line of `events.ndjson`, with the names of the document's fields.
extension ModelEvent: Codable {
    private enum CodingKeys: String, CodingKey {
        case id
        case at
        case by
        case kind
        case alias
        case number
        case from
        case to
        case reason
        case isForced = "forced"
        case token
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        var place: Place?
        if let alias = try container.decodeIfPresent(ModelAlias.self, forKey: .alias) {
            place = Place(alias: alias, number: try container.decode(Int.self, forKey: .number))
        }
        try self.init(
            id: container.decode(String.self, forKey: .id), at: container.decode(Timestamp.self, forKey: .at),
            by: container.decode(String.self, forKey: .by), kind: container.decode(Kind.self, forKey: .kind), place: place,
            from: container.decodeIfPresent(String.self, forKey: .from), to: container.decode(String.self, forKey: .to),
            reason: container.decode(String.self, forKey: .reason), isForced: container.decode(Bool.self, forKey: .isForced),
            token: container.decode(String.self, forKey: .token))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(at, forKey: .at)
        try container.encode(by, forKey: .by)
        try container.encode(kind, forKey: .kind)
        try container.encodeIfPresent(place?.alias, forKey: .alias)
        try container.encodeIfPresent(place?.number, forKey: .number)
        try container.encodeIfPresent(from, forKey: .from)
        try container.encode(to, forKey: .to)
        try container.encode(reason, forKey: .reason)
        try container.encode(isForced, forKey: .isForced)
        try container.encode(token, forKey: .token)
    }
}
