internal import Foundation
package import Scoring

/// What `POST /train` asks for, checked: every member is optional but `from`.
package struct TrainingRequest: Equatable, Sendable {
    /// Where the attempts come from.
    package enum Source: Equatable, Sendable {
        /// Decisions and outcomes of the database.
        case mongodb
        /// A CSV file, by its path below the data folder.
        case file(String)
    }

    package var source: Source
    package var since: Timestamp?
    package var until: Timestamp?
    package var isChallenger = false
    package var version: String?
    package var reason: String?
    /// Flags of `herald train` with their values, in order.
    package var options: [String] = []

    /// The members of the body.
    package static let members: Set<String> = Set(Body.CodingKeys.allCases.map(\.rawValue))

    /// The body as it comes.
    package struct Body: Decodable {
        var from: String
        var since: String?
        var until: String?
        var challenger: Bool?
        var version: String?
        var reason: String?
        var trees: Int?
        var patience: Int?
        var maxDepth: Int?
        var eta: Double?
        var seed: Int?
        var resamples: Int?
        var tune: Bool?
        var trials: Int?

        enum CodingKeys: String, CodingKey, CaseIterable {
            case from
            case since
            case until
            case challenger
            case version
            case reason
            case trees
            case patience
            case maxDepth = "max_depth"
            case eta
            case seed
            case resamples
            case tune
            case trials
        }
    }

    /// - Throws: `Problem` naming the member.
    package init(_ body: Body) throws(Problem) {
        source = try Self.source(body.from)
        since = try Self.time(body.since, "since")
        until = try Self.time(body.until, "until")
        if let since, let until, since >= until { throw Self.invalid("since", "must be before until") }
        guard source == .mongodb || (since == nil && until == nil) else {
            throw Self.invalid(since == nil ? "until" : "since", "goes with \"from\": \"mongodb\" alone: a file is read whole")
        }
        isChallenger = body.challenger ?? false
        version = try body.version.map { (version) throws(Problem) in
            guard Self.isVersion(version) else {
                throw Self.invalid("version", "must be 1 to 64 letters, digits, '.', '_' and '-', no dot first, and no alias")
            }
            return version
        }
        reason = body.reason
        guard reason.map({ (1...2000).contains($0.unicodeScalars.count) && !$0.utf8.contains(0) }) ?? true else {
            throw Self.invalid("reason", "must have 1 to 2000 characters and no NUL")
        }
        try add("trees", "--trees", body.trees, 1...10_000)
        try add("patience", "--patience", body.patience, 1...1000)
        try add("max_depth", "--max-depth", body.maxDepth, 1...16)
        if let eta = body.eta {
            guard (0.001...1).contains(eta) else { throw Self.invalid("eta", "must be from 0.001 to 1") }
            options += ["--eta", "\(eta)"]
        }
        try add("seed", "--model-seed", body.seed, 0...4_294_967_295)
        try add("resamples", "--resamples", body.resamples, 0...2000)
        guard body.trials == nil || body.tune == true else { throw Self.invalid("trials", "goes with \"tune\": true") }
        if body.tune == true { options.append("--tune") }
        try add("trials", "--trials", body.trials, 1...64)
    }

    private mutating func add(_ member: String, _ flag: String, _ value: Int?, _ range: ClosedRange<Int>) throws(Problem) {
        guard let value else { return }
        guard range.contains(value) else {
            throw Self.invalid(member, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        options += [flag, "\(value)"]
    }

    /// Nothing in a path may lead out of the folder; that links do not either is for whoever opens it.
    private static func source(_ text: String) throws(Problem) -> Source {
        guard text != "mongodb" else { return .mongodb }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { !$0.isEmpty && $0.first != "." && $0.first != "-" }
        guard (1...512).contains(text.utf8.count), isPlain, !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw invalid("from", "must be mongodb, or the path of a CSV file below the data folder, such as notifications.csv")
        }
        return .file(text)
    }

    private static func time(_ text: String?, _ member: String) throws(Problem) -> Timestamp? {
        guard let text else { return nil }
        guard let time = Timestamp(rfc3339: text) else { throw invalid(member, "must be a time as in 2026-01-02T03:04:05Z") }
        return time
    }

    private static func isVersion(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.first != "." && text.first != "-" && !["none", "champion", "challenger"].contains(text)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
    }

    private static func invalid(_ member: String, _ message: String) -> Problem {
        Problem(.invalidBody, "\(member) \(message)", field: member)
    }
}
