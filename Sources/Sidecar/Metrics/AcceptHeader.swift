/// Which of several media types a client wants most: RFC 9110, section 12.5.1.
struct AcceptHeader {
    private struct Range {
        var type: Substring
        var subtype: Substring
        var quality: Double

        /// How closely it describes a media type: 0 = `*/*`, 2 = the type itself; `nil` where it does not.
        func closeness(to mediaType: String) -> Int? {
            let parts = mediaType.split(separator: "/")
            if type == "*" { return 0 }
            guard parts.count == 2, type == parts[0] else { return nil }
            return subtype == "*" ? 1 : subtype == parts[1] ? 2 : nil
        }
    }

    /// Ranges that are looked at.
    private static let maximumCount = 32

    private let ranges: [Range]

    /// - Parameter text: `nil`, or nothing but blanks, = everything is welcome.
    init(_ text: String?) {
        let elements = (text ?? "").lowercased().split(separator: ",").prefix(Self.maximumCount)
        let ranges = elements.compactMap(Self.range)
        self.ranges = elements.isEmpty ? [Range(type: "*", subtype: "*", quality: 1)] : ranges
    }

    /// The one with the highest quality, of several the first; `nil` where none will do.
    func best(of mediaTypes: [String]) -> String? {
        let wanted = mediaTypes.map { ($0, quality(of: $0)) }
        guard let best = wanted.map(\.1).max(), best > 0 else { return nil }
        return wanted.first { $0.1 == best }?.0
    }

    private func quality(of mediaType: String) -> Double {
        let matching = ranges.compactMap { range in range.closeness(to: mediaType).map { ($0, range.quality) } }
        guard let closest = matching.map(\.0).max() else { return 0 }
        return matching.filter { $0.0 == closest }.map(\.1).max() ?? 0
    }

    private static func range(_ element: Substring) -> Range? {
        let parts = element.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
        guard let name = parts.first else { return nil }
        let types = name.split(separator: "/", omittingEmptySubsequences: false)
        guard types.count == 2, !types[0].isEmpty, !types[1].isEmpty else { return nil }
        let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
        return Range(type: types[0], subtype: types[1], quality: (0...1).contains(quality) ? quality : 0)
    }
}
